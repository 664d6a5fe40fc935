package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SignalsTest {

  private final Process child = start("cat");

  @AfterEach
  void end() {
    child.destroyForcibly();
  }

  @Test
  void aStoppedProcessStandsStillUntilItGoesOn() throws Exception {
    Signals.STOP.send(child.pid());
    say("hello\n");
    assertThat(state()).startsWith("T");
    assertThat(child.getInputStream().available()).isZero();

    Signals.CONT.send(child.pid());

    assertThat(child.inputReader().readLine()).isEqualTo("hello");
    assertThat(state()).doesNotStartWith("T");
  }

  @Test
  void aProcessEndsByWhatItIsSent() throws Exception {
    Signals.TERM.send(child.pid());
    assertThat(child.waitFor()).isEqualTo(128 + 15);

    Process other = start("cat");
    Signals.KILL.send(other.pid());
    assertThat(other.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void whoIsNotThereIsNamed() throws Exception {
    child.destroy();
    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(() -> Signals.CONT.send(child.pid()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("CONT to " + child.pid());
  }

  private void say(String line) throws IOException {
    child.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
    child.getOutputStream().flush();
  }

  private String state() throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(child.pid())).start();
    return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static Process start(String... command) {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
