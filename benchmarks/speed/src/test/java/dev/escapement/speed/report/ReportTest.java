package dev.escapement.speed.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir private Path folder;

  private static Measurement measured(String peer, double... rates) {
    List<Map<String, Double>> rounds = new ArrayList<>();
    for (double rate : rates) {
      Map<String, Double> round = new LinkedHashMap<>();
      round.put("jobs/s", rate);
      round.put("late ms", 1 / rate);
      rounds.add(round);
    }
    return new Measurement("burn-down", "1 replica", peer, "1.0", rounds);
  }

  private static Report report() {
    return new Report(
        Map.of("cores", "2"),
        List.of(
            measured("escapement", 40_000, 9_000, 50_000),
            measured("db-scheduler", 8_000, 12_000)));
  }

  @Test
  void theMedianCounts() {
    assertThat(measured("a", 3, 1, 2).median()).containsEntry("jobs/s", 2.0);
    assertThat(measured("a", 4, 1).median()).containsEntry("jobs/s", 2.5);
  }

  @Test
  void aTableComparesWithOnePeer() {
    assertThat(Tables.of(report()))
        .contains("- cores: 2")
        .contains("### burn-down")
        .contains("| 1 replica | escapement   | 40,000 |   0.000 |           4.00 |")
        .contains("| 1 replica | db-scheduler | 10,000 |   0.000 |           1.00 |");
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Path file = folder.resolve("report.json");
    report().write(file);

    assertThat(Report.read(file)).isEqualTo(report());
  }

  @Test
  void thereIsAPictureOfEachScenario() throws Exception {
    Charts.draw(report(), folder);

    BufferedImage picture = ImageIO.read(folder.resolve("burn-down.png").toFile());
    assertThat(picture.getWidth()).isEqualTo(900);
  }
}
