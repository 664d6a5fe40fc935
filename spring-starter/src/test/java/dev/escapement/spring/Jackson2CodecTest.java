package dev.escapement.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What either Jackson writes is the same, and the other reads it as it was. */
class Jackson2CodecTest {

  private final PayloadCodec jackson2 = new Jackson2Codec();
  private final PayloadCodec jackson3 = PayloadCodec.json();

  enum Color {
    DARK_RED,
    @JsonProperty("see-blue")
    BLUE {
      @Override
      public String toString() {
        return "blue";
      }
    };

    @Override
    public String toString() {
      return "dark red";
    }
  }

  record Enums(
      Color color,
      Color subclassed,
      Month month,
      DayOfWeek day,
      List<Month> months,
      Map<Month, String> byMonth,
      EnumMap<Color, Integer> byColor) {}

  record Times(
      Instant instant,
      Instant beforeTheEpoch,
      LocalDate date,
      LocalTime time,
      LocalTime onTheHour,
      LocalDateTime local,
      OffsetDateTime offset,
      ZonedDateTime zoned,
      ZonedDateTime utc,
      Duration duration,
      Duration negative,
      Duration nanos,
      Period period,
      Year year,
      YearMonth yearMonth,
      MonthDay monthDay,
      ZoneId zone,
      ZoneOffset zoneOffset,
      Date date1,
      Map<LocalDate, Integer> byDate,
      Map<Instant, Integer> byInstant) {}

  record Numbers(
      BigDecimal amount,
      BigDecimal large,
      BigInteger huge,
      double tiny,
      double big,
      double third,
      float single,
      double minusZero,
      long longest,
      byte small,
      char letter,
      Integer boxed) {}

  record Others(
      UUID uuid,
      URI uri,
      Locale locale,
      Locale language,
      Locale root,
      Currency currency,
      Class<?> type,
      boolean flag,
      Optional<String> present,
      Optional<String> absent,
      OptionalInt number,
      OptionalLong none,
      Optional<List<Integer>> many,
      @Nullable String nothing) {}

  /** Declared in no order at all, with a name that begins like a getter. */
  record Order(String zebra, int apple, boolean isOpen, String getName, @Nullable Order inner) {
    public String getTitle() {
      return "the " + zebra;
    }

    public boolean isLarge() {
      return apple > 10;
    }
  }

  record Lists(List<Line> lines, Map<String, List<Line>> byName, Set<String> names, int[] codes) {}

  record Line(String name, BigDecimal price) {}

  record Untyped(Object anything, Map<String, Object> map) {}

  record Renamed(@JsonProperty("the-name") String name, int x, int uRL, String aB) {}

  record Odd(
      Calendar calendar,
      Timestamp timestamp,
      Date date,
      OffsetTime offsetTime,
      TimeZone timeZone,
      Path path,
      AtomicInteger atomic,
      AtomicReference<String> reference,
      char[] letters,
      EnumSet<Color> colors,
      Map.Entry<String, Integer> entry,
      float notANumber,
      double infinite) {}

  record Keys(
      Map<Locale, Integer> byLocale,
      Map<Currency, Integer> byCurrency,
      Map<Year, Integer> byYear,
      Map<YearMonth, Integer> byMonth,
      Map<ZonedDateTime, Integer> byTime,
      Map<Duration, Integer> byDuration,
      Map<UUID, Integer> byUuid,
      Map<Integer, Integer> byNumber,
      Map<Double, Integer> byDouble,
      Map<Boolean, Integer> byFlag,
      Map<Date, Integer> byDate,
      Map<Character, Integer> byLetter) {}

  record Tick() {}

  record Wrapped<T>(T value) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Square.class, name = "square")
  })
  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  record Shapes(List<Shape> shapes) {}

  /** As written before there were records. */
  public static final class Bean {
    private int zone;
    private @Nullable String aName;
    private @Nullable List<String> items;
    private @Nullable String uRL;
    public int open = 3;

    public int getZone() {
      return zone;
    }

    public void setZone(int zone) {
      this.zone = zone;
    }

    public @Nullable String getaName() {
      return aName;
    }

    public void setaName(@Nullable String aName) {
      this.aName = aName;
    }

    public @Nullable List<String> getItems() {
      return items;
    }

    public void setItems(@Nullable List<String> items) {
      this.items = items;
    }

    public @Nullable String getURL() {
      return uRL;
    }

    public void setURL(@Nullable String value) {
      this.uRL = value;
    }
  }

  /** Its constructor tells the names of its parameters. */
  public static final class Fixed {
    private final String second;
    private final int first;

    public Fixed(String second, int first) {
      this.second = second;
      this.first = first;
    }

    public String getSecond() {
      return second;
    }

    public int getFirst() {
      return first;
    }
  }

  /** Has a list that no setter sets, and a field that nothing may. */
  public static final class Closed {
    private final List<String> items = new ArrayList<>();
    public final int fixed = Integer.parseInt("7");

    public List<String> getItems() {
      return items;
    }
  }

  static Stream<Object> payloads() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", List.of(1.5, true, "x"));
    map.put("é", Map.of("deep", 3L));
    EnumMap<Color, Integer> byColor = new EnumMap<>(Map.of(Color.BLUE, 1, Color.DARK_RED, 2));
    Bean bean = new Bean();
    bean.setZone(4);
    bean.setaName("n");
    bean.setItems(List.of("b", "a"));
    bean.setURL("http://x/y");
    Closed closed = new Closed();
    closed.getItems().add("one");
    return Stream.of(
        new Enums(
            Color.DARK_RED,
            Color.BLUE,
            Month.MAY,
            DayOfWeek.FRIDAY,
            List.of(Month.JANUARY, Month.DECEMBER),
            Map.of(Month.JUNE, "j"),
            byColor),
        new Times(
            Instant.parse("2026-03-01T12:00:00.000001Z"),
            Instant.parse("-0001-03-01T12:00:00.123456789Z"),
            LocalDate.of(2026, 3, 1),
            LocalTime.of(23, 59, 58, 120_000_000),
            LocalTime.of(7, 0),
            LocalDateTime.of(2026, 3, 1, 0, 0),
            OffsetDateTime.parse("2026-03-01T12:00:00+02:00"),
            ZonedDateTime.parse("2026-03-01T12:00:00+01:00[Europe/Paris]"),
            ZonedDateTime.parse("2026-03-01T12:00:00Z[UTC]"),
            Duration.ofMinutes(90),
            Duration.ofMillis(-1500),
            Duration.ofNanos(1),
            Period.of(1, 2, 3),
            Year.of(2026),
            YearMonth.of(2026, 3),
            MonthDay.of(2, 29),
            ZoneId.of("Europe/Paris"),
            ZoneOffset.ofHours(-3),
            Date.from(Instant.parse("2026-03-01T12:00:00.120Z")),
            Map.of(LocalDate.of(2026, 3, 1), 1),
            Map.of(Instant.parse("2026-03-01T12:00:00Z"), 1)),
        new Numbers(
            new BigDecimal("10.50"),
            new BigDecimal("1E+20"),
            new BigInteger("123456789012345678901234567890"),
            2.0E-3,
            Double.parseDouble("2.0E23"),
            1.0 / 3,
            1.1f,
            -0.0,
            Long.MIN_VALUE,
            (byte) -1,
            '"',
            7),
        new Others(
            UUID.fromString("0190f3f0-0000-7000-8000-000000000001"),
            URI.create("http://example.com/a?b=c#d"),
            Locale.GERMANY,
            Locale.forLanguageTag("zh-Hant-TW"),
            Locale.ROOT,
            Currency.getInstance("EUR"),
            String.class,
            true,
            Optional.of("é🎉"),
            Optional.empty(),
            OptionalInt.of(3),
            OptionalLong.empty(),
            Optional.of(List.of(1)),
            null),
        new Order("z", 11, true, "g", new Order("y", 1, false, "h", null)),
        new Lists(
            List.of(new Line("b", new BigDecimal("1.10")), new Line("a", BigDecimal.ZERO)),
            Map.of("k", List.of(new Line("c", BigDecimal.TEN))),
            Set.of("only"),
            new int[] {3, 1}),
        new Untyped(map, Map.of("k", map)),
        new Untyped(Color.BLUE, Map.of()),
        new Untyped(List.of(Month.MAY, Instant.EPOCH, Optional.of(1)), Map.of()),
        new Renamed("n", 1, 2, "b"),
        new Tick(),
        new Wrapped<>(Map.of("a", 1)),
        new Shapes(List.of(new Circle(1.5), new Square(2))),
        bean,
        new Fixed("s", 1),
        closed,
        new byte[] {0, 1, (byte) 0xff, 62, 63},
        "plain text / with a slash",
        42,
        42L,
        new BigDecimal("1.0"),
        Month.MAY,
        Color.BLUE,
        Instant.EPOCH,
        Duration.ofDays(2),
        true,
        LocalDate.EPOCH,
        new String[] {"x", "y"},
        new Odd(
            new GregorianCalendar(2026, Calendar.MARCH, 1),
            Timestamp.from(Instant.parse("2001-09-09T01:46:40.123Z")),
            Date.from(Instant.parse("1969-12-31T23:59:59.999Z")),
            OffsetTime.parse("12:00:01+02:00"),
            TimeZone.getTimeZone("Europe/Paris"),
            Path.of("/tmp/x"),
            new AtomicInteger(3),
            new AtomicReference<>("r"),
            new char[] {'a', 'b'},
            EnumSet.of(Color.BLUE),
            Map.entry("k", 2),
            Float.NaN,
            Double.POSITIVE_INFINITY),
        new Keys(
            Map.of(Locale.GERMANY, 1),
            Map.of(Currency.getInstance("EUR"), 1),
            Map.of(Year.of(2026), 1),
            Map.of(YearMonth.of(2026, 3), 1),
            Map.of(ZonedDateTime.parse("2026-03-01T12:00:00+01:00[Europe/Paris]"), 1),
            Map.of(Duration.ofMinutes(1), 1),
            Map.of(UUID.fromString("0190f3f0-0000-7000-8000-000000000001"), 1),
            Map.of(7, 1),
            Map.of(1.5, 1),
            Map.of(true, 1),
            Map.of(Date.from(Instant.EPOCH), 1),
            Map.of('c', 1)));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void bothWriteTheSameAndReadEachOther(Object payload) {
    byte[] written = jackson3.write(payload, payload.getClass());

    assertThat(text(jackson2.write(payload, payload.getClass()))).isEqualTo(text(written));

    Object by2 = readable(jackson2, written, payload.getClass());
    Object by3 = readable(jackson3, written, payload.getClass());
    if (by3 instanceof PayloadException) {
      assertThat(by2).isInstanceOf(PayloadException.class);
    } else {
      assertThat(text(jackson3.write(by2, payload.getClass())))
          .isEqualTo(text(jackson3.write(by3, payload.getClass())));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "2147483648",
        "9223372036854775808",
        "1.5",
        "1e400",
        "\"x\"",
        "true",
        "[1,2.0]",
        "{\"b\":1,\"a\":null}"
      })
  void bothReadAValueOfNoDeclaredClassAsTheSameOne(String json) {
    byte[] bytes = ("{\"anything\":" + json + ",\"map\":{\"in\":" + json + "}}").getBytes(UTF_8);

    assertThat(jackson2.read(bytes, Untyped.class)).isEqualTo(jackson3.read(bytes, Untyped.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000",
        "a\u0000b",
        "\uD83C",
        "\uDF89a",
        "🎉",
        "\"\\\n\u2028\u2029",
        "",
        "/",
        "\u007f",
        "é",
        "</script>",
        "\t\b\f\r",
        "\u001f",
        "'",
        "\uD83D\uDE00\uD83D"
      })
  void anyTextIsWrittenTheSame(String text) {
    Line payload = new Line(text, BigDecimal.ONE);
    byte[] written = jackson3.write(payload, Line.class);

    assertThat(jackson2.write(payload, Line.class)).isEqualTo(written);
    assertThat(jackson2.read(written, Line.class)).isEqualTo(payload);
    assertThat(jackson3.read(written, Line.class)).isEqualTo(payload);
  }

  record Primitives(
      int i,
      long l,
      double d,
      boolean b,
      char c,
      Optional<String> text,
      Month month,
      Color color) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "",
        "{",
        "garbage",
        "[1]",
        "{} {}",
        "{\"i\":null,\"l\":null,\"d\":null,\"b\":null,\"c\":null,\"text\":null}",
        "{\"unknown\":{\"a\":[1]},\"i\":3}",
        "{\"i\":\"3\"}",
        "{\"i\":3.7}",
        "{\"i\":1e3}",
        "{\"i\":\"\"}",
        "{\"i\":99999999999}",
        "{\"b\":\"true\"}",
        "{\"b\":1}",
        "{\"c\":\"ab\"}",
        "{\"d\":\"NaN\"}",
        "{\"d\":NaN}",
        "{\"month\":\"MAY\"}",
        "{\"month\":5}",
        "{\"month\":\"5\"}",
        "{\"color\":\"DARK_RED\"}",
        "{\"color\":\"dark red\"}",
        "{\"color\":\"see-blue\"}",
        "{\"color\":\"BLUE\"}",
        "{\"color\":0}",
        "{\"color\":\"\"}",
        "{\"i\":1,\"i\":2}",
        "{\"I\":1}",
        "{'i':1}",
        "{\"i\":01}",
        "{\"i\":1,}",
        "{/* c */\"i\":1}",
        "  {\"i\":1}  ",
        "\uFEFF{\"i\":1}",
      })
  void bothReadTheSameOrRefuseItWithTheSameWords(String json) {
    byte[] bytes = json.getBytes(UTF_8);

    Object by3 = readable(jackson3, bytes, Primitives.class);
    Object by2 = readable(jackson2, bytes, Primitives.class);

    if (by3 instanceof PayloadException refusal) {
      assertThat(by2)
          .isInstanceOfSatisfying(
              PayloadException.class,
              said ->
                  assertThat(firstWords(said.getMessage()))
                      .isEqualTo(firstWords(refusal.getMessage())));
    } else {
      assertThat(by2).isEqualTo(by3);
    }
  }

  static final class Opaque {
    @Override
    public String toString() {
      return "opaque";
    }
  }

  record Loop(List<Object> items) {}

  static Stream<Object> unwritable() {
    List<Object> items = new ArrayList<>();
    items.add(new Loop(items));
    return Stream.of(new Opaque(), new Untyped(new Opaque(), Map.of()), new Loop(items));
  }

  @ParameterizedTest
  @MethodSource("unwritable")
  void whatOneRefusesToWriteTheOtherDoes(Object payload) {
    for (PayloadCodec codec : List.of(jackson3, jackson2)) {
      PayloadException refusal =
          catchThrowableOfType(
              PayloadException.class, () -> codec.write(payload, payload.getClass()));
      assertThat(refusal)
          .isNotNull()
          .hasMessageContaining(
              "A payload of " + payload.getClass().getName() + " can't be written");
    }
  }

  private static Object readable(PayloadCodec codec, byte[] bytes, Class<?> type) {
    try {
      return codec.read(bytes, type);
    } catch (PayloadException e) {
      return e;
    }
  }

  /** Up to what the libraries put into words of their own. */
  private static String firstWords(@Nullable String message) {
    String said = String.valueOf(message);
    return said.substring(0, Math.min(said.length(), said.indexOf(':') + 13));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
