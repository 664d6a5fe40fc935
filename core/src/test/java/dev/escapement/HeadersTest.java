package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

  @Test
  void noneAreWrittenAsNothing() {
    assertThat(Headers.write(Map.of())).isNull();
    assertThat(Headers.read(null)).contains(Map.of());
  }

  @Test
  void areWrittenInTheirOrderAsInAUrl() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("z", "Ada L.");
    headers.put("a=b&c", "é📬%+");
    headers.put("empty", "");

    String written = Headers.write(headers);

    assertThat(written).isEqualTo("z=Ada+L.&a%3Db%26c=%C3%A9%F0%9F%93%AC%25%2B&empty=");
    assertThat(Headers.read(written).orElseThrow())
        .containsExactly(
            Map.entry("z", "Ada L."), Map.entry("a=b&c", "é📬%+"), Map.entry("empty", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a=b&", "a=b&c", "a=%", "a=%zz", "a=%4", "%-1=a"})
  void whatWasNotWrittenSoIsNotRead(String text) {
    assertThat(Headers.read(text)).isEmpty();
  }
}
