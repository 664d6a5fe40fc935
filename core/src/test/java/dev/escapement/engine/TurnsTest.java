package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final Set<String> ALL = Set.of("a", "b", "c");

  private final Turns turns = new Turns(weights(5, 1, 1));

  private static Map<String, Integer> weights(int a, int b, int c) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    weights.put("a", a);
    weights.put("b", b);
    weights.put("c", c);
    return weights;
  }

  private List<String> oneByOne(int count, Set<String> among) {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.addAll(turns.deal(1, among).keySet());
    }
    return order;
  }

  @Test
  void theyAreEvenlySpread() {
    assertThat(oneByOne(7, ALL)).containsExactly("a", "a", "b", "a", "c", "a", "a");
    assertThat(oneByOne(7, ALL)).containsExactly("a", "a", "b", "a", "c", "a", "a");
  }

  @Test
  void manyAtOnceAreDealtLikeOneByOne() {
    assertThat(turns.deal(700, ALL)).isEqualTo(Map.of("a", 500, "b", 100, "c", 100));
    assertThat(turns.deal(4, ALL)).isEqualTo(Map.of("a", 3, "b", 1));
    assertThat(turns.deal(3, ALL)).isEqualTo(Map.of("a", 2, "c", 1));
  }

  @Test
  void whoeverTakesNoPartLeavesTheTurnsToTheOthers() {
    assertThat(turns.deal(70, Set.of("b", "c"))).isEqualTo(Map.of("b", 35, "c", 35));
    assertThat(turns.deal(60, Set.of("a", "c"))).isEqualTo(Map.of("a", 50, "c", 10));
    assertThat(turns.deal(9, Set.of("c"))).isEqualTo(Map.of("c", 9));
  }

  @Test
  void whoeverPassedForLongHasSavedNothingUp() {
    turns.deal(1_003, Set.of("b", "c"));
    assertThat(turns.deal(70, ALL).get("a")).isBetween(49, 51);
  }

  @Test
  void nobodyGetsNothing() {
    assertThat(turns.deal(0, ALL)).isEmpty();
    assertThat(turns.deal(5, Set.of())).isEmpty();
  }
}
