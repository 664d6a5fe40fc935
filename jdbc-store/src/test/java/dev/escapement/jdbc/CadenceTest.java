package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Three at once, and one in ten nanoseconds on average. */
class CadenceTest {

  private static final long START = Long.MAX_VALUE - 5; // a clock may pass through the end

  private final Cadence cadence = new Cadence(10, 3, START);

  private void goOut(int times, long after) {
    for (int i = 0; i < times; i++) {
      cadence.goesOut(START + after);
    }
  }

  private long untilNext(long after) {
    return cadence.untilNext(START + after);
  }

  @Test
  void someGoOutAtOnce() {
    goOut(2, 0);
    assertThat(untilNext(0)).isZero();
    goOut(1, 0);
    assertThat(untilNext(0)).isEqualTo(10);
    assertThat(untilNext(4)).isEqualTo(6);
    assertThat(untilNext(11)).isZero();
  }

  @Test
  void theyAreAGapApartThen() {
    goOut(3, 0);
    goOut(1, 10);
    assertThat(untilNext(10)).isEqualTo(10);
    goOut(1, 20);
    assertThat(untilNext(20)).isEqualTo(10);
  }

  @Test
  void aWhileWithoutAnyGivesNoMoreThanABurst() {
    goOut(3, 0);
    goOut(3, 1_000);
    assertThat(untilNext(1_000)).isEqualTo(10);
  }
}
