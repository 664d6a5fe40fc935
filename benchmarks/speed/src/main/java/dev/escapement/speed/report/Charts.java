package dev.escapement.speed.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** A report as pictures: of each scenario the first figure, a group of bars for each variant. */
public final class Charts {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;

  private Charts() {}

  /**
   * Draws them.
   *
   * @param folder gets a PNG for each scenario, called like it
   */
  public static void draw(Report report, Path folder) throws IOException {
    for (String scenario : Tables.scenarios(report)) {
      CategoryChart chart = chart(scenario, Tables.of(report, scenario));
      try (OutputStream file = Files.newOutputStream(folder.resolve(scenario + ".png"))) {
        ChartEncoder.saveChart(chart, file, "png");
      }
    }
  }

  private static CategoryChart chart(String scenario, List<Measurement> measurements) {
    String figure = measurements.get(0).median().keySet().iterator().next();
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(scenario + ": " + figure)
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setXAxisLabelRotation(0);
    chart.getStyler().setChartTitleVisible(true);
    Set<String> variants = new LinkedHashSet<>();
    Map<String, Map<String, Double>> peers = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      variants.add(measurement.variant());
      peers
          .computeIfAbsent(measurement.peer(), peer -> new LinkedHashMap<>())
          .put(measurement.variant(), Tables.first(measurement.median()));
    }
    peers.forEach(
        (peer, values) -> {
          List<Number> bars = new ArrayList<>();
          variants.forEach(variant -> bars.add(values.getOrDefault(variant, 0.0)));
          chart.addSeries(peer, new ArrayList<>(variants), bars);
        });
    return chart;
  }
}
