package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static Instant noonPlus(Duration later) {
    return NOON.plus(later);
  }

  @Test
  void aFixedRateFiresAtOnceAndThenFromFireTimeToFireTime() {
    FixedRate rate = Schedules.every(Duration.ofSeconds(30));

    assertThat(rate.first(NOON)).contains(NOON);
    assertThat(rate.next(NOON)).contains(noonPlus(Duration.ofSeconds(30)));
    assertThat(rate.delayAfterCompletion()).isEmpty();
  }

  @Test
  void aFixedRateDoesNotDrift() {
    FixedRate rate = Schedules.every(Duration.ofMillis(333));
    Instant fire = NOON;
    for (int i = 0; i < 100_000; i++) {
      fire = rate.next(fire).orElseThrow();
    }
    assertThat(fire).isEqualTo(noonPlus(Duration.ofMinutes(555)));
  }

  @Test
  void theLatestFireOfAFixedRateIsOnItsGrid() {
    FixedRate rate = Schedules.every(Duration.ofSeconds(30));

    assertThat(rate.latest(NOON, noonPlus(Duration.ofMillis(29_999)))).isEmpty();
    assertThat(rate.latest(NOON, noonPlus(Duration.ofSeconds(30))))
        .contains(noonPlus(Duration.ofSeconds(30)));
    assertThat(rate.latest(NOON, noonPlus(Duration.ofSeconds(119))))
        .contains(noonPlus(Duration.ofSeconds(90)));
    assertThat(rate.latest(NOON, NOON.minusSeconds(3_600))).isEmpty();
  }

  @Test
  void theLatestFireOfAFixedRateIsTheOneThatSteppingFinds() {
    Duration period = Duration.ofMillis(700);
    Instant now = noonPlus(Duration.ofMinutes(5).plusNanos(123_456_000));
    Schedule stepping = fire -> Optional.of(fire.plus(period));

    assertThat(Schedules.every(period).latest(NOON, now)).isEqualTo(stepping.latest(NOON, now));
  }

  /** Three days of an every-second job, and three thousand years of one, take the same time. */
  @Test
  void theLatestFireOfAFixedRateIsComputedWithoutSteppingThroughTheMissedOnes() {
    FixedRate second = Schedules.every(Duration.ofSeconds(1));
    assertThat(second.latest(NOON, noonPlus(Duration.ofDays(3))))
        .contains(noonPlus(Duration.ofDays(3)));

    FixedRate millisecond = Schedules.every(Duration.ofMillis(1));
    assertThat(millisecond.latest(NOON, noonPlus(Duration.ofDays(1_000_000))))
        .contains(noonPlus(Duration.ofDays(1_000_000)));
  }

  @Test
  void aScheduleThatDoesNotSayOtherwiseStepsThroughTheMissedFires() {
    AtomicInteger left = new AtomicInteger(3);
    Schedule threeMore =
        fire -> left.getAndDecrement() > 0 ? Optional.of(fire.plusSeconds(1)) : Optional.empty();

    assertThat(threeMore.latest(NOON, noonPlus(Duration.ofHours(1))))
        .contains(noonPlus(Duration.ofSeconds(3)));
  }

  @Test
  void aFixedDelayIsCountedFromCompletionAndMissesNothing() {
    FixedDelay delay = Schedules.fixedDelay(Duration.ofMinutes(5));

    assertThat(delay.first(NOON)).contains(NOON);
    assertThat(delay.delayAfterCompletion()).contains(Duration.ofMinutes(5));
    assertThat(delay.next(NOON)).contains(noonPlus(Duration.ofMinutes(5)));
    assertThat(delay.latest(NOON, noonPlus(Duration.ofDays(3)))).isEmpty();
  }

  @Test
  void nothingIsFinerThanAMicrosecond() {
    Duration fine = Duration.ofNanos(1_500_999);
    assertThat(Schedules.every(fine).period()).isEqualTo(Duration.ofNanos(1_500_000));
    assertThat(Schedules.fixedDelay(fine).delay()).isEqualTo(Duration.ofNanos(1_500_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999999S", "P36501D"})
  void refusesWhatIsOutOfRange(Duration duration) {
    assertThatThrownBy(() -> Schedules.every(duration))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("every " + duration);
    assertThatThrownBy(() -> Schedules.fixedDelay(duration))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("fixedDelay " + duration);
  }
}
