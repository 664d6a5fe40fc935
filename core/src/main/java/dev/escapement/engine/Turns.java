package dev.escapement.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Deals slots out in proportion to weights, as evenly spread as they allow: 5, 1 and 1 come as a a
 * b a c a a. This is nginx's <i>smooth weighted round-robin</i> (its {@code
 * ngx_http_upstream_round_robin.c}, since 1.3.1): at each turn everybody's credit grows by their
 * weight, and whoever has most gets the turn and pays what all have got. Credits add up to zero and
 * never exceed the sum of the weights, so whoever has to pass a turn neither loses nor saves up
 * more than that. Not thread-safe.
 */
final class Turns {

  private final Map<String, Integer> weights;
  private final Map<String, Integer> credits = new LinkedHashMap<>();

  Turns(Map<String, Integer> weights) {
    this.weights = weights;
    weights.keySet().forEach(name -> credits.put(name, 0));
  }

  /**
   * Deals out.
   *
   * @param among who takes part
   * @return how many each gets; whoever gets none is left out
   */
  Map<String, Integer> deal(int slots, Set<String> among) {
    Map<String, Integer> dealt = new LinkedHashMap<>();
    if (!among.isEmpty()) {
      for (int i = 0; i < slots; i++) {
        dealt.merge(next(among), 1, Integer::sum);
      }
    }
    return dealt;
  }

  private String next(Set<String> among) {
    String richest = "";
    int most = Integer.MIN_VALUE;
    int paid = 0;
    for (Map.Entry<String, Integer> each : credits.entrySet()) {
      if (among.contains(each.getKey())) {
        int weight = weights.getOrDefault(each.getKey(), 0);
        each.setValue(each.getValue() + weight);
        paid += weight;
        if (each.getValue() > most) {
          most = each.getValue();
          richest = each.getKey();
        }
      }
    }
    credits.merge(richest, -paid, Integer::sum);
    return richest;
  }
}
