package dev.escapement.policy;

import static dev.escapement.Outcome.CANCELLED;
import static dev.escapement.Outcome.FAILED;
import static dev.escapement.Outcome.LOST;
import static dev.escapement.Outcome.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeepHistoryTest {

  private static Set<Outcome> recorded(KeepHistory kept, boolean last) {
    return Arrays.stream(Outcome.values())
        .filter(outcome -> kept.records(outcome, last))
        .collect(Collectors.toSet());
  }

  @Test
  void allIsEveryEnd() {
    assertThat(recorded(KeepHistory.ALL, false)).containsExactlyInAnyOrder(Outcome.values());
    assertThat(recorded(KeepHistory.ALL, true)).containsExactlyInAnyOrder(Outcome.values());
  }

  @Test
  void failuresAreWhatWentWrongAtAnyAttempt() {
    assertThat(recorded(KeepHistory.FAILURES, false))
        .containsExactlyInAnyOrder(FAILED, TIMED_OUT, CANCELLED, LOST);
    assertThat(recorded(KeepHistory.FAILURES, true))
        .containsExactlyInAnyOrder(FAILED, TIMED_OUT, CANCELLED, LOST);
  }

  @Test
  void noneIsStillTheLastAttemptOfWhatHasFailed() {
    assertThat(recorded(KeepHistory.NONE, false)).isEmpty();
    assertThat(recorded(KeepHistory.NONE, true)).containsExactlyInAnyOrder(FAILED, TIMED_OUT);
  }
}
