package dev.escapement.speed.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A report as tables of Markdown, which are read in a terminal as well. */
public final class Tables {

  /** Whom the others are compared with. */
  private static final String REFERENCE = "db-scheduler";

  private Tables() {}

  /** All of it. */
  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    report.machine().forEach((name, value) -> text.append("- %s: %s%n".formatted(name, value)));
    for (String scenario : scenarios(report)) {
      text.append("%n### %s%n%n".formatted(scenario));
      text.append(table(of(report, scenario)));
    }
    return text.toString();
  }

  static Set<String> scenarios(Report report) {
    Set<String> scenarios = new LinkedHashSet<>();
    report.measurements().forEach(measurement -> scenarios.add(measurement.scenario()));
    return scenarios;
  }

  static List<Measurement> of(Report report, String scenario) {
    return report.measurements().stream()
        .filter(measurement -> measurement.scenario().equals(scenario))
        .toList();
  }

  private static String table(List<Measurement> measurements) {
    Set<String> figures = new LinkedHashSet<>();
    measurements.forEach(measurement -> figures.addAll(measurement.median().keySet()));
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("", "peer"));
    head.addAll(figures);
    head.add("x " + REFERENCE);
    rows.add(head);
    Map<String, Double> references = references(measurements);
    for (Measurement measurement : measurements) {
      Map<String, Double> medians = measurement.median();
      List<String> row = new ArrayList<>(List.of(measurement.variant(), measurement.peer()));
      figures.forEach(figure -> row.add(number(medians.get(figure))));
      row.add(ratio(first(medians), references.get(measurement.variant())));
      rows.add(row);
    }
    return lines(rows);
  }

  private static Map<String, Double> references(Collection<Measurement> measurements) {
    Map<String, Double> references = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      if (measurement.peer().equals(REFERENCE)) {
        references.put(measurement.variant(), first(measurement.median()));
      }
    }
    return references;
  }

  static double first(Map<String, Double> figures) {
    return figures.values().iterator().next();
  }

  private static String ratio(double value, @Nullable Double reference) {
    return reference == null ? "" : number(value / reference);
  }

  static String number(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    double size = Math.abs(value);
    String format =
        size >= 100 || value == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String lines(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder(line(rows.get(0), widths));
    text.append('|');
    for (int i = 0; i < columns; i++) {
      text.append(i < 2 ? " " + "-".repeat(widths[i]) + " |" : " " + "-".repeat(widths[i]) + ":|");
    }
    text.append('\n');
    rows.subList(1, rows.size()).forEach(row -> text.append(line(row, widths)));
    return text.toString();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder text = new StringBuilder("|");
    for (int i = 0; i < row.size(); i++) {
      String pad = " ".repeat(widths[i] - row.get(i).length());
      text.append(' ').append(i < 2 ? row.get(i) + pad : pad + row.get(i)).append(" |");
    }
    return text.append('\n').toString();
  }
}
