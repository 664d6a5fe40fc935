package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Priority;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimRequest.Waited;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppetiteTest {

  private static final Duration AGEING = Duration.ofMinutes(1);
  private static final long POLL = Given.TIMING.poll().toNanos();

  private final Appetite appetite = new Appetite("mail", AGEING, POLL);
  private long now = Long.MAX_VALUE - 10;

  private static Demand plain(int limit) {
    return new Demand("mail", limit);
  }

  private static Demand waited(int limit, Priority priority) {
    return new Demand("mail", limit, new Waited(priority, AGEING));
  }

  private List<Demand> demands(int slots) {
    return appetite.demands(slots, now);
  }

  private boolean answered(int high, int normal, int low) {
    return appetite.answered(
        Map.of(Priority.HIGH, high, Priority.NORMAL, normal, Priority.LOW, low), now);
  }

  @Test
  void withoutMoreThanItCanRunItAsksForAllThatIsDue() {
    for (int i = 0; i < 100; i++) {
      assertThat(demands(10)).containsExactly(plain(10));
      assertThat(answered(9, 0, 0)).isFalse();
    }
  }

  @Test
  void anAnswerInFullMayLeaveMore() {
    demands(10);
    assertThat(answered(5, 5, 0)).isTrue();
    demands(0);
    assertThat(answered(0, 0, 0)).isFalse();
  }

  @Test
  void oneOfTenIsForThePriorityThatIsNotReached() {
    demands(10);
    answered(1, 9, 0);
    assertThat(demands(10)).containsExactly(plain(9), waited(1, Priority.LOW));
    answered(0, 9, 1);
    assertThat(demands(25)).containsExactly(plain(23), waited(2, Priority.LOW));
  }

  @Test
  void smallNumbersAddUpToTen() {
    demands(10);
    answered(10, 0, 0);
    for (int i = 0; i < 4; i++) {
      assertThat(demands(2)).containsExactly(plain(2));
      assertThat(answered(2, 0, 0)).isTrue();
    }
    assertThat(demands(2)).containsExactly(plain(1), waited(1, Priority.LOW));
  }

  @Test
  void prioritiesThatAreNotReachedTakeTurns() {
    demands(10);
    answered(10, 0, 0);
    assertThat(demands(10)).containsExactly(plain(9), waited(1, Priority.LOW));
    answered(9, 0, 1);
    assertThat(demands(10)).containsExactly(plain(9), waited(1, Priority.NORMAL));
    answered(9, 1, 0);
    assertThat(demands(30))
        .containsExactly(plain(27), waited(2, Priority.LOW), waited(1, Priority.NORMAL));
  }

  @Test
  void nothingIsKeptWhereAllPrioritiesAreReached() {
    demands(10);
    answered(3, 3, 4);
    assertThat(demands(10)).containsExactly(plain(10));
  }

  @Test
  void whatIsLeftOfAQueueIsNotContended() {
    demands(10);
    answered(10, 0, 0);
    demands(10);
    assertThat(answered(8, 0, 0)).isFalse();
    assertThat(demands(100)).containsExactly(plain(100));
  }

  @Test
  void aTurnThatNobodyTookIsOfferedAgainAfterOnePoll() {
    demands(10);
    answered(0, 10, 0);
    assertThat(demands(10)).containsExactly(plain(9), waited(1, Priority.LOW));
    assertThat(answered(0, 9, 0)).as("all but the turn").isTrue();
    now += POLL - 1;
    assertThat(demands(100)).containsExactly(plain(100));
    answered(0, 100, 0);
    now += 1;
    assertThat(demands(10)).containsExactly(plain(9), waited(1, Priority.LOW));
  }

  @Test
  void aTurnThatOnePriorityDoesNotTakeIsTheOthers() {
    demands(10);
    answered(10, 0, 0);
    assertThat(demands(10)).containsExactly(plain(9), waited(1, Priority.LOW));
    answered(9, 0, 0);
    assertThat(demands(2)).containsExactly(plain(1), waited(1, Priority.NORMAL));
    answered(1, 0, 0);
    assertThat(demands(20)).as("nobody waits").containsExactly(plain(20));
    answered(20, 0, 0);
    now += POLL;
    assertThat(demands(10)).as("and nobody saves up").hasSize(2).contains(plain(9));
  }

  @Test
  void moreTurnsThanSlotsAreKept() {
    demands(10);
    answered(10, 0, 0);
    demands(40);
    answered(36, 2, 0);
    assertThat(demands(1)).containsExactly(plain(0), waited(1, Priority.NORMAL));
    answered(0, 1, 0);
    assertThat(demands(1)).containsExactly(plain(0), waited(1, Priority.NORMAL));
    answered(0, 1, 0);
    assertThat(demands(1)).containsExactly(plain(1));
  }

  @Test
  void aSingleSlotMayBeTheTurn() {
    demands(1);
    answered(0, 1, 0);
    for (int i = 0; i < 9; i++) {
      assertThat(demands(1)).containsExactly(plain(1));
      answered(0, 1, 0);
    }
    assertThat(demands(1)).containsExactly(plain(0), waited(1, Priority.LOW));
    assertThat(answered(0, 0, 0)).as("there is more of the others").isTrue();
    assertThat(demands(1)).containsExactly(plain(1));
  }
}
