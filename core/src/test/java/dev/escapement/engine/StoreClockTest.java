package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The store's clock shows 12:00 when the node's shows {@link #NOON}. */
class StoreClockTest {

  private static final long NOON = Long.MAX_VALUE - 5; // a clock may pass through the end
  private static final Instant SHOWN = Instant.parse("2026-01-01T12:00:00Z");
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final StoreClock clock = new StoreClock();

  /** An answer to what was asked so long after noon, and took so long to the clock and back. */
  private void answered(long askedAfter, long way) {
    clock.answered(
        NOON + askedAfter, NOON + askedAfter + 2 * way, SHOWN.plusNanos(askedAfter + way));
  }

  /** How long after noon to ask for what is due so long after noon. */
  private long asksAfter(long dueAfter) {
    return clock.showing(SHOWN.plusNanos(dueAfter)) - NOON;
  }

  @Test
  void asksAWayAhead() {
    answered(0, 300);

    assertThat(asksAfter(1_000)).isEqualTo(700);
    assertThat(asksAfter(3 * SECOND)).isEqualTo(3 * SECOND - 300);
  }

  @Test
  void theShortestWayOfLateCounts() {
    answered(0, 300);
    answered(1_000, 100);
    answered(2_000, 50_000);

    assertThat(asksAfter(10_000)).isEqualTo(9_900);
  }

  @Test
  void whatIsLongAgoDoesNot() {
    answered(0, 100);
    answered(2 * SECOND, 300);
    assertThat(asksAfter(3 * SECOND)).isEqualTo(3 * SECOND - 100);

    answered(4 * SECOND, 400);
    assertThat(asksAfter(5 * SECOND)).isEqualTo(5 * SECOND - 300);

    answered(60 * SECOND, 500);
    assertThat(asksAfter(61 * SECOND)).isEqualTo(61 * SECOND - 500);
  }

  @Test
  void aClockThatIsSetIsFollowed() {
    for (int hours : new int[] {-1, 2}) {
      Instant set = SHOWN.plusSeconds(hours * 3600L);
      answered(0, 100);
      clock.answered(NOON + SECOND, NOON + SECOND + 50, set);

      assertThat(clock.showing(set.plusSeconds(1)) - NOON).isEqualTo(2 * SECOND);
    }
  }

  @Test
  void knowsNothingBeforeAnAnswer() {
    assertThatThrownBy(() -> clock.showing(SHOWN)).isInstanceOf(NullPointerException.class);
  }
}
