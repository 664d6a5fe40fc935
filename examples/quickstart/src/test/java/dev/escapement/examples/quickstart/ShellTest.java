package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class ShellTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Shell shell = new Shell(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  @Test
  void showsWhatACommandPrints() throws Exception {
    assertThat(run("echo one; echo zwölf >&2", Map.of())).isEqualTo("exit code 0");
    assertThat(shown()).containsExactly("line 4 | one", "line 4 | zwölf");
  }

  @Test
  void handsItItsInputAndItsSettings() throws Exception {
    run("cat; echo $GREETING%one%two", Map.of("GREETING", "hello"));

    assertThat(shown()).containsExactly("line 4 | one", "line 4 | two", "line 4 | hello");
  }

  @Test
  void takesTheShellThatIsSet() throws Exception {
    run("hello", Map.of("SHELL", "/bin/echo"));

    assertThat(shown()).containsExactly("line 4 | -c hello");
  }

  @Test
  void failsWithTheExitCode() {
    assertThatThrownBy(() -> run("exit 3", Map.of()))
        .isInstanceOf(Shell.ExitException.class)
        .hasMessage("line 4: exit code 3");
  }

  @Test
  void failsIfTheShellIsNotThere() {
    assertThatThrownBy(() -> run("true", Map.of("SHELL", "/bin/no-such-shell")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/bin/no-such-shell");
  }

  @Test
  void anInterruptEndsTheCommand() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run("cat /dev/zero > /dev/null", Map.of()))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("line 4 was stopped");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(30)));
  }

  private String run(String text, Map<String, String> settings) throws Exception {
    return shell.run(Line.of(4, text, settings));
  }

  private String[] shown() {
    return bytes.toString(StandardCharsets.UTF_8).split("\n");
  }
}
