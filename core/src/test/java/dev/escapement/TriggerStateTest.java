package dev.escapement;

import static dev.escapement.TriggerState.CANCELLED;
import static dev.escapement.TriggerState.FAILED;
import static dev.escapement.TriggerState.PAUSED;
import static dev.escapement.TriggerState.PENDING;
import static dev.escapement.TriggerState.RUNNING;
import static dev.escapement.TriggerState.SCHEDULED;
import static dev.escapement.TriggerState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TriggerStateTest {

  private static final Map<TriggerState, Set<TriggerState>> LEGAL =
      Map.of(
          PENDING, Set.of(SCHEDULED, CANCELLED),
          SCHEDULED, Set.of(RUNNING, PAUSED, CANCELLED),
          RUNNING, Set.of(SCHEDULED, PAUSED, SUCCEEDED, FAILED, CANCELLED),
          PAUSED, Set.of(SCHEDULED, CANCELLED),
          SUCCEEDED, Set.of(),
          FAILED, Set.of(),
          CANCELLED, Set.of());

  static Stream<Arguments> everyPair() {
    return Arrays.stream(TriggerState.values())
        .flatMap(from -> Arrays.stream(TriggerState.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void onlyTheTableIsLegal(TriggerState from, TriggerState to) {
    if (LEGAL.getOrDefault(from, Set.of()).contains(to)) {
      assertThat(from.canBecome(to)).isTrue();
      assertThat(from.become(to)).isSameAs(to);
    } else {
      assertThat(from.canBecome(to)).isFalse();
      assertThatThrownBy(() -> from.become(to))
          .isInstanceOfSatisfying(
              IllegalTransitionException.class,
              refusal -> {
                assertThat(refusal.from()).isSameAs(from);
                assertThat(refusal.to()).isSameAs(to);
              })
          .hasMessageContaining(from + " can't become " + to);
    }
  }

  @Test
  void threeStatesAreFinal() {
    assertThat(TriggerState.values())
        .filteredOn(TriggerState::isFinal)
        .containsExactlyInAnyOrder(SUCCEEDED, FAILED, CANCELLED);
  }
}
