package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis packs is what we unpack. */
final class FieldsTest {

  private static byte[] packed(String script, byte[] argument) {
    RedisClient client = RedisClient.create(TestRedis.url());
    try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
      return connection
          .sync()
          .eval(
              script.getBytes(StandardCharsets.US_ASCII),
              ScriptOutputType.VALUE,
              new byte[0][],
              argument);
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 255, 256, 65_535, 65_536, 100_000})
  void textsOfEachLengthAndAnyBytes(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) i;
    }
    Fields fields =
        Fields.unpack(packed("return cmsgpack.pack({ text = ARGV[1], other = 'x' })", text));
    assertThat(fields.bytes("text")).isEqualTo(text);
    assertThat(fields.text("other")).isEqualTo("x");
    assertThat(fields.textOrNull("nothing")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 40})
  void rowsOfAnySize(int size) {
    byte[] count = Integer.toString(size).getBytes(StandardCharsets.US_ASCII);
    Fields fields =
        Fields.unpack(
            packed(
                "local row = {} for i = 1, tonumber(ARGV[1]) do row['f' .. i] = 'v' .. i end"
                    + " return cmsgpack.pack(row)",
                count));
    for (int i = 1; i <= size; i++) {
      assertThat(fields.text("f" + i)).isEqualTo("v" + i);
    }
  }

  @Test
  void whatIsNoRowIsRefused() {
    assertThatThrownBy(() -> Fields.unpack(packed("return cmsgpack.pack(7)", new byte[0])))
        .isInstanceOf(IllegalStateException.class);
    byte[] cut = packed("return cmsgpack.pack({ text = ARGV[1] })", new byte[100]);
    assertThatThrownBy(() -> Fields.unpack(Arrays.copyOf(cut, 20)))
        .isInstanceOf(RuntimeException.class);
  }
}
