package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineTest {

  /** A newline is written ~ here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo hello | echo hello | ''",
        "date +\\%F | date +%F | ''",
        "mail -s hi ada%Hello,%%goodbye | mail -s hi ada | Hello,~~goodbye~",
        "mail ada%100\\% | mail ada | 100%~",
        "cat% | cat | ~",
        "cat%one%two% | cat | one~two~",
        "echo \\\\a | echo \\\\a | ''",
        "echo \\ | echo \\ | ''",
        "echo a\\%b%c | echo a%b | c~",
      })
  void aPercentSignEndsTheCommandAndThenEachLine(String text, String command, String input) {
    Line line = Line.of(7, text, Map.of());

    assertThat(line.command()).isEqualTo(command);
    assertThat(line.input()).isEqualTo(input.replace('~', '\n'));
  }

  @Test
  void saysCommandAndInputOnOneLine() {
    assertThat(Line.of(7, "cat%one%two", Map.of())).hasToString("cat < \"one\\ntwo\\n\"");
    assertThat(Line.of(7, "cat", Map.of())).hasToString("cat");
  }
}
