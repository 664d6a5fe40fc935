package dev.escapement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The format that rows of older versions hold: a change here is a change of every user's data. */
class JsonCodecTest {

  private final PayloadCodec codec = PayloadCodec.json();

  enum Color {
    DARK_RED;

    @Override
    public String toString() {
      return "dark red";
    }
  }

  record Everything(
      Color color,
      Month month,
      Instant instant,
      LocalDate day,
      OffsetDateTime offset,
      ZonedDateTime zoned,
      Duration duration,
      Optional<String> present,
      Optional<String> absent,
      List<List<Integer>> nested,
      BigDecimal amount,
      @Nullable String nothing) {}

  @Test
  void theFormatIsPinned() {
    Everything everything =
        new Everything(
            Color.DARK_RED,
            Month.MAY,
            Instant.parse("2026-03-01T12:00:00.000001Z"),
            LocalDate.of(2026, 3, 1),
            OffsetDateTime.parse("2026-03-01T12:00:00+02:00"),
            ZonedDateTime.parse("2026-03-01T12:00:00+01:00[Europe/Paris]"),
            Duration.ofMinutes(90),
            Optional.of("é🎉"),
            Optional.empty(),
            List.of(List.of(1, 2), List.of()),
            new BigDecimal("10.50"),
            null);
    String json =
        """
        {"color":"DARK_RED",\
        "month":"MAY",\
        "instant":"2026-03-01T12:00:00.000001Z",\
        "day":"2026-03-01",\
        "offset":"2026-03-01T12:00:00+02:00",\
        "zoned":"2026-03-01T12:00:00+01:00[Europe/Paris]",\
        "duration":"PT1H30M",\
        "present":"é🎉",\
        "absent":null,\
        "nested":[[1,2],[]],\
        "amount":10.50,\
        "nothing":null}\
        """;

    assertThat(write(everything)).isEqualTo(json);
    assertThat(read(json, Everything.class)).isEqualTo(everything);
  }

  static final class Bean {
    public int b = 1;
    public int a = 2;
  }

  @Test
  void aClassIsWrittenInTheOrderOfItsNames() {
    assertThat(write(new Bean())).isEqualTo("{\"a\":2,\"b\":1}");
  }

  record Text(@Nullable String text) {}

  @Test
  void aNodeReadsWhatANewerOneWrites() {
    assertThat(read("{\"text\":\"a\",\"since\":{\"v\":2}}", Text.class)).isEqualTo(new Text("a"));
    assertThat(read("{}", Text.class)).isEqualTo(new Text(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\u0000b", "\uD83C", "\uDF89a", "🎉", "\"\\\n\u2028", ""})
  void anyTextComesBackAsItWas(String text) {
    assertThat(read(write(new Text(text)), Text.class)).isEqualTo(new Text(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null|The JSON is null",
        "``|No content",
        "{|Unexpected end-of-input",
        "garbage|Unrecognized token 'garbage'",
        "{\"text\":\"a\"} {}|Trailing token",
        "[1]|from Array value",
      })
  void whatIsNotThePayloadIsRefused(String json, String why) {
    assertThatThrownBy(() -> read(json, Text.class))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining(Text.class.getName())
        .hasMessageContaining(why);
  }

  @Test
  void aRefusalShowsTheBeginningOnly() {
    assertThatThrownBy(() -> read("x".repeat(100_000), Text.class))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("it begins with \"" + "x".repeat(60) + "…\"");
  }

  static final class Unreadable {
    public final int number;

    Unreadable(int number, String unused) {
      this.number = number + unused.length();
    }
  }

  @Test
  void aClassWithoutAConstructorForItIsRefusedWhenRead() {
    String json = write(new Unreadable(1, ""));
    assertThatThrownBy(() -> read(json, Unreadable.class))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining(Unreadable.class.getName())
        .hasMessageContaining("Cannot construct instance");
  }

  static final class Opaque {
    private final int secret = 42;

    @Override
    public String toString() {
      return "Opaque " + secret;
    }
  }

  record Tick() {}

  @Test
  void aClassThatShowsNothingIsRefusedInsteadOfLosingItsFields() {
    assertThatThrownBy(() -> write(new Opaque()))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("A payload of " + Opaque.class.getName() + " can't be written");
    assertThat(write(new Tick())).isEqualTo("{}");
  }

  record Loop(List<Object> items) {}

  @Test
  void aPayloadThatContainsItselfIsRefused() {
    List<Object> items = new ArrayList<>();
    items.add(new Loop(items));
    assertThatThrownBy(() -> write(new Loop(items))).isInstanceOf(PayloadException.class);
  }

  private String write(Object payload) {
    return new String(codec.write(payload, payload.getClass()), UTF_8);
  }

  private <T> T read(String json, Class<T> type) {
    return codec.read(json.getBytes(UTF_8), type);
  }
}
