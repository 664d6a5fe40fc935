package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What was finished in the last window, 50 ms if claims are fast, may wait for a worker. */
class PaceTest {

  private final HandClock clock = new HandClock();
  private final Pace pace = new Pace(clock.getAsLong());

  private void finish(int times) {
    for (int i = 0; i < times; i++) {
      pace.finished(clock.getAsLong());
    }
  }

  private int buffer() {
    return pace.buffer(clock.getAsLong());
  }

  private int bufferAfter(int millis) {
    clock.pass(Duration.ofMillis(millis));
    return buffer();
  }

  @Test
  void nothingFinishedNothingBuffered() {
    assertThat(buffer()).isZero();
    assertThat(bufferAfter(10_000)).isZero();
  }

  @Test
  void asMuchAsTheBusierOfThisWindowAndTheLast() {
    finish(40);
    assertThat(buffer()).isEqualTo(40);
    assertThat(bufferAfter(50)).isEqualTo(40);
    finish(10);
    assertThat(buffer()).isEqualTo(40);
    assertThat(bufferAfter(50)).isEqualTo(10);
    assertThat(bufferAfter(50)).isZero();
  }

  @Test
  void aQuietWindowForgetsAll() {
    finish(40);
    assertThat(bufferAfter(100)).isZero();
  }

  private void claim(int millis) {
    pace.claimTook(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void aWindowIsAsLongAsFourOfTheSlowestClaimOfTheLast() {
    claim(30);
    claim(20);
    assertThat(bufferAfter(50)).isZero();
    finish(40);
    assertThat(bufferAfter(119)).isEqualTo(40);
    finish(10);
    assertThat(bufferAfter(1)).isEqualTo(50);
    finish(20);
    assertThat(bufferAfter(50)).as("it is short again").isEqualTo(20);
  }

  @Test
  void noWindowIsLongerThanASecond() {
    claim(10_000);
    assertThat(bufferAfter(50)).isZero();
    finish(40);
    assertThat(bufferAfter(1_000)).isEqualTo(40);
    assertThat(bufferAfter(50)).isZero();
  }

  @Test
  void neverMoreThanTwoThousand() {
    finish(5_000);
    assertThat(buffer()).isEqualTo(2_000);
  }

  @Test
  void jobsOfSecondsHoldNextToNothingBack() {
    for (int i = 0; i < 10; i++) {
      finish(1);
      assertThat(buffer()).isLessThanOrEqualTo(1);
      clock.pass(Duration.ofSeconds(1));
    }
    assertThat(buffer()).isZero();
  }
}
