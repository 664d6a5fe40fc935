package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FakeTimeTest {

  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration SLACK = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void aChildSeesAnotherTimeAndWaitsAsLongAsEver() throws Exception {
    Optional<Path> library = FakeTime.installed();
    assumeTrue(library.isPresent(), "libfaketime isn't installed");
    FakeTime time = new FakeTime(library.get(), folder.resolve("time"));
    time.set(Duration.ofHours(3));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Clock.class.getName());
    builder.environment().putAll(time.environment());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process child = builder.start();
    try (BufferedReader out = child.inputReader();
        BufferedWriter in = child.outputWriter()) {
      looks(in, out, Duration.ofHours(3));
      time.set(Duration.ofHours(-30));
      looks(in, out, Duration.ofHours(-30));
      time.set(Duration.ofMillis(90_500));
      looks(in, out, Duration.ofMillis(90_500));
    } finally {
      child.destroyForcibly();
    }
  }

  private static void looks(BufferedWriter in, BufferedReader out, Duration off)
      throws IOException {
    long began = System.nanoTime();
    in.write("?\n");
    in.flush();
    String[] answer = out.readLine().split(" ", -1);
    long took = System.nanoTime() - began;

    assertThat(Duration.between(Instant.now(), Instant.parse(answer[0]))).isCloseTo(off, SLACK);
    assertThat(Long.parseLong(answer[1])).isBetween(WAIT.toNanos(), took);
  }

  /** Says its wall clock, and how long a wait took by the other one, whenever it is asked. */
  static final class Clock {
    private Clock() {}

    public static void main(String[] args) throws Exception {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (in.readLine() != null) {
        long began = System.nanoTime();
        new LinkedBlockingQueue<String>().poll(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        System.out.println(Instant.now() + " " + (System.nanoTime() - began));
      }
    }
  }
}
