package dev.escapement.speed.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What counts of several rounds. */
public final class Medians {

  private Medians() {}

  /** Of each figure, in the order in which they come. */
  public static Map<String, Double> of(List<Map<String, Double>> rounds) {
    Map<String, List<Double>> all = new LinkedHashMap<>();
    for (Map<String, Double> round : rounds) {
      round.forEach((name, value) -> all.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    all.forEach((name, values) -> medians.put(name, of(values.stream().sorted())));
    return medians;
  }

  private static double of(Stream<Double> sorted) {
    List<Double> values = sorted.toList();
    int half = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(half)
        : (values.get(half - 1) + values.get(half)) / 2;
  }
}
