package dev.escapement.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.CronDialect;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the tables of the guide to schedules to what the schedules say themselves. */
class GuideTest {

  private static final Pattern AFTER = Pattern.compile("[Aa]fter `([^`]+)`");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final String NEVER = "never";

  /**
   * A row of a table.
   *
   * @param after the instant that the text above the table names
   */
  record Row(List<String> header, List<String> cells, Instant after) {

    String cell(String column) {
      return cells.get(header.indexOf(column));
    }

    /** What stands between backticks. */
    List<String> codes(String column) {
      return CODE.matcher(cell(column)).results().map(code -> code.group(1)).toList();
    }

    String code(String column) {
      return codes(column).get(0);
    }
  }

  private static List<Row> rows(String column) {
    return rows("schedules.md", column);
  }

  /** The rows of the tables that have such a column. */
  static List<Row> rows(String page, String column) {
    List<Row> rows = new ArrayList<>();
    List<String> header = List.of();
    Instant after = Instant.EPOCH;
    String guide = DocumentsTest.text(DocumentsTest.ROOT.resolve("docs/guide").resolve(page));
    for (String line : guide.split("\n", -1)) {
      Matcher named = AFTER.matcher(line);
      if (!line.startsWith("|")) {
        header = List.of();
        after = named.find() ? Instant.parse(requireNonNull(named.group(1))) : after;
      } else if (header.isEmpty()) {
        header = cells(line);
      } else if (!line.startsWith("|---") && header.contains(column)) {
        rows.add(new Row(header, cells(line), after));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    String[] cells = line.substring(1, line.length() - 1).split("\\|", -1);
    return Stream.of(cells).map(String::strip).toList();
  }

  @TestFactory
  Stream<DynamicTest> aScheduleFiresAsItsRowSays() {
    return rows("next fires").stream()
        .map(row -> DynamicTest.dynamicTest(row.code("text"), () -> assertFires(row)));
  }

  private static void assertFires(Row row) {
    Schedule schedule = Schedules.parse(row.code("text"));
    List<String> written = row.codes("next fires");
    boolean ends = row.cell("next fires").endsWith(NEVER);
    List<Instant> fires = schedule.fires(row.after(), written.size() + (ends ? 1 : 0));

    assertThat(fires)
        .extracting(fire -> fire.atZone(schedule.zone()).toOffsetDateTime().toString())
        .isEqualTo(written);
    if (row.header().contains("in words")) {
      assertThat(schedule.describe(Locale.ENGLISH)).isEqualTo(row.cell("in words"));
    }
  }

  @TestFactory
  Stream<DynamicTest> whatIsRefusedHasSomethingInItsStead() {
    return rows("refused").stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.code("refused"),
                    () -> {
                      assertThatThrownBy(() -> Schedules.parse(row.code("refused")))
                          .isInstanceOf(InvalidDeclarationException.class);
                      assertThatCode(() -> Schedules.parse(row.code("write")))
                          .doesNotThrowAnyException();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> eachDialectTakesWhatItsColumnSays() {
    return rows("Unix").stream()
        .flatMap(
            row ->
                Stream.of(CronDialect.values())
                    .flatMap(dialect -> taking(dialect, row.codes(title(dialect)))));
  }

  private static Stream<DynamicTest> taking(CronDialect dialect, List<String> expressions) {
    return expressions.stream()
        .map(
            expression ->
                DynamicTest.dynamicTest(
                    dialect + " " + expression,
                    () ->
                        assertThatCode(() -> Cron.of(dialect, expression))
                            .doesNotThrowAnyException()));
  }

  @TestFactory
  Stream<DynamicTest> aDashSaysThatADialectRefusesIt() {
    return rows("Unix").stream()
        .flatMap(
            row ->
                Stream.of(CronDialect.values())
                    .filter(dialect -> row.codes(title(dialect)).isEmpty())
                    .map(
                        dialect ->
                            DynamicTest.dynamicTest(
                                dialect + " " + row.cells().get(0),
                                () ->
                                    assertThatThrownBy(() -> Cron.of(dialect, others(row, dialect)))
                                        .isInstanceOf(InvalidDeclarationException.class))));
  }

  /** What another dialect takes; for Unix without the second, where only that is too much. */
  private static String others(Row row, CronDialect dialect) {
    List<String> spring = row.codes("Spring");
    if (dialect == CronDialect.UNIX && !spring.isEmpty()) {
      return spring.get(0).replaceFirst("^\\S+ ", "");
    }
    return Stream.of("Unix", "Quartz")
        .flatMap(title -> row.codes(title).stream())
        .findFirst()
        .orElseThrow();
  }

  private static String title(CronDialect dialect) {
    return dialect.name().charAt(0) + dialect.name().substring(1).toLowerCase(Locale.ROOT);
  }

  @Test
  void findsTheTables() {
    assertThat(rows("next fires")).hasSizeGreaterThan(40);
    assertThat(rows("refused")).hasSizeGreaterThan(10);
    assertThat(rows("Unix")).hasSizeGreaterThan(10);
  }
}
