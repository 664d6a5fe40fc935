package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Work;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Figures of lateness. */
final class Late {

  private static final double MICROS_PER_MILLI = 1e3;

  private Late() {}

  static Map<String, Double> figures(Work work) {
    Map<String, Double> figures = figures("late", work.lateness());
    figures.put("early", (double) work.early());
    return figures;
  }

  static Map<String, Double> figures(String what, Histogram micros) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(what + " p50 ms", micros.getValueAtPercentile(50) / MICROS_PER_MILLI);
    figures.put(what + " p95 ms", micros.getValueAtPercentile(95) / MICROS_PER_MILLI);
    figures.put(what + " p99 ms", micros.getValueAtPercentile(99) / MICROS_PER_MILLI);
    figures.put(what + " p99.9 ms", micros.getValueAtPercentile(99.9) / MICROS_PER_MILLI);
    figures.put(what + " max ms", micros.getMaxValue() / MICROS_PER_MILLI);
    return figures;
  }
}
