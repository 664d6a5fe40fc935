package dev.escapement.speed.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlamesTest {

  @Test
  void aRecordingBecomesAPicture(@TempDir Path folder) throws Exception {
    Path recording = folder.resolve("lap.jfr");
    try (Recording recorder = new Recording()) {
      recorder.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
      recorder.start();
      recorder.stop();
      recorder.dump(recording);
    }
    Path picture = folder.resolve("flame.html");

    Flames.draw(recording, "burn-down, 1 replica", picture);

    assertThat(picture).content().contains("burn-down, 1 replica").contains("canvas");
  }
}
