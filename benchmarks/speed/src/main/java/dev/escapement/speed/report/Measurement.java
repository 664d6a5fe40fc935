package dev.escapement.speed.report;

import dev.escapement.speed.measure.Medians;
import java.util.List;
import java.util.Map;

/**
 * What one peer did in one variant of a scenario.
 *
 * @param version of the peer, and its settings
 * @param rounds the figures of each round
 */
public record Measurement(
    String scenario,
    String variant,
    String peer,
    String version,
    List<Map<String, Double>> rounds) {

  /** The median of each figure. */
  public Map<String, Double> median() {
    return Medians.of(rounds);
  }
}
