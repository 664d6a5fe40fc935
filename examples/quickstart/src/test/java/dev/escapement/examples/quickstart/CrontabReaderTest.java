package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrontabReaderTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * * backup --all | cron unix: 30 2 * * * | backup --all",
        "'  30\t2 *  * *\tbackup  --all  ' | cron unix: 30 2 * * * | backup  --all",
        "@daily backup | cron unix: @daily | backup",
        "@Hourly  backup -v | cron unix: @hourly | backup -v",
        "*/5 8-18 1,15 jan-mar,dec mon-fri x | cron unix: */5 8-18 1,15 JAN-MAR,DEC MON-FRI | x",
        "0 0 1 1 0 X=1 y | cron unix: 0 0 1 1 0 | X=1 y",
        "0 0 * * 7 echo a#b | cron unix: 0 0 * * 7 | echo a#b",
        "0 0 * * 7 . ./profile && x | cron unix: 0 0 * * 7 | . ./profile && x",
      })
  void readsWhenAndWhat(String text, String schedule, String command) throws Exception {
    CrontabLine line = lines(text).get(0);

    assertThat(line.schedule().text()).contains(schedule);
    assertThat(line.line().command()).isEqualTo(command);
    assertThat(line.line().number()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "   ", "\t", "# 61 * * * * x", "   # a comment", "X=1", "X_2 = 'a b'"})
  void countsLinesThatRunNothing(String text) throws Exception {
    assertThat(lines(text + "\n@daily x\n"))
        .singleElement()
        .satisfies(line -> assertThat(line.line().key()).isEqualTo("line-2"));
  }

  @Test
  void aSettingIsForTheLinesBelowIt() throws Exception {
    List<CrontabLine> lines =
        lines(
            """
            @daily one
            SHELL = /bin/bash
            GREETING="  hello  "
            @daily two
            GREETING='it''s'
            EMPTY=
            @daily three
            """);

    assertThat(lines)
        .extracting(line -> line.line().settings())
        .containsExactly(
            Map.of(),
            Map.of("SHELL", "/bin/bash", "GREETING", "  hello  "),
            Map.of("SHELL", "/bin/bash", "GREETING", "it''s", "EMPTY", ""));
  }

  @Test
  void aZoneIsForTheLinesBelowIt() throws Exception {
    List<CrontabLine> lines =
        lines(
            """
            @daily one
            TZ=Asia/Tokyo
            @daily two
            CRON_TZ=Europe/Zurich
            @daily three
            CRON_TZ = "America/New_York"
            @daily four
            """);

    assertThat(lines)
        .extracting(line -> line.schedule().zone().getId())
        .containsExactly("Z", "Z", "Europe/Zurich", "America/New_York");
    assertThat(lines).extracting(CrontabLine::zoned).containsExactly(false, false, true, true);
  }

  @Test
  void readsLinesThatEndAsOnWindows() throws Exception {
    assertThat(lines("CRON_TZ=UTC\r\n@daily one\r\n").get(0).line().command()).isEqualTo("one");
  }

  @Test
  void readsTheOneThatIsShipped() throws Exception {
    assertThat(CrontabReader.read(Path.of("crontab")).lines())
        .hasSizeGreaterThan(10)
        .extracting(line -> line.schedule().expression())
        .contains("* * * * *", "@daily", "@hourly", "0 6 1,15 * MON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "61 * * * * x | The Unix cron expression \"61 * * * *\" can't be read: field 1 (minute),"
            + " \"61\", has \"61\"; write 0 to 59",
        "* * * * FUNDAY x | The Unix cron expression \"* * * * FUNDAY\" can't be read: field 5 (day"
            + " of week)",
        "0 0 30 2 * x | The Unix cron expression \"0 0 30 2 *\" never fires",
        "0 0 L * * x | The Unix cron expression \"0 0 L * *\" can't be read",
        "@reboot x | The Unix cron expression \"@reboot\" means the start of a machine",
        "@fortnightly x | The Unix cron expression \"@fortnightly\" isn't a macro; there are",
        "@daily | \"@daily\" has no command; write one after the macro.",
        "@daily %input | \"@daily %input\" has no command; write one after the macro.",
        "30 2 * * * | \"30 2 * * *\" has no command; write one after the five fields.",
        "30 2 * * backup | \"30 2 * * backup\" has no command; write one after the five fields.",
        "30 2 * * | \"30 2 * *\" is neither a setting, like CRON_TZ=Europe/Zurich, nor five fields",
        "hello | \"hello\" is neither a setting",
        "0 30 2 * * * x | \"0 30 2 * * * x\" has a sixth field, it seems",
        "0 30 2 * * ? x | \"0 30 2 * * ? x\" has a sixth field, it seems",
        "@daily a\u0007b | \"@daily a?b\" has a control character in column 9; remove it.",
        "CRON_TZ=Europe/Zürich | CRON_TZ can't be \"Europe/Zürich\", which isn't a time zone here;"
            + " write one like Europe/Zurich, or UTC.",
        "CRON_TZ= | CRON_TZ can't be \"\", which isn't a time zone here",
        "CRON_TZ=UTC # night | CRON_TZ can't be \"UTC # night\"",
      })
  void saysLineAndFault(String text, String fault) {
    assertThatThrownBy(() -> lines("# backups\n" + text + "\n@daily fine\n"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("crontab, line 2: " + fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n\nCRON_TZ=UTC\n"})
  void refusesAFileThatRunsNothing(String text) {
    assertThatThrownBy(() -> lines(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("crontab has no lines to run; write 1 to 500 like: 30 2 * * * ");
  }

  @Test
  void refusesTooManyLines() {
    assertThatThrownBy(() -> lines("@daily x\n".repeat(501)))
        .hasMessageStartingWith("crontab has 501 lines to run; write 1 to 500");
  }

  @Test
  void refusesAFileThatDoesNotExist() {
    Path file = directory.resolve("nowhere");

    assertThatThrownBy(() -> CrontabReader.read(file)).hasMessage(file + " doesn't exist.");
  }

  @Test
  void refusesADirectory() {
    assertThatThrownBy(() -> CrontabReader.read(directory))
        .hasMessageStartingWith(directory + " can't be read: ");
  }

  @Test
  void refusesAHugeFile() throws IOException {
    Path file = Files.writeString(directory.resolve("huge"), "#".repeat(30_001));

    assertThatThrownBy(() -> CrontabReader.read(file)).hasMessageContaining("is too large");
  }

  private static List<CrontabLine> lines(String text) throws InputException {
    return CrontabReader.parse("crontab", text).lines();
  }
}
