package dev.escapement.policy;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {

  private static final double MIDDLE = 0.5;

  private static List<Duration> waits(Retry retry, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(attempt -> retry.delayAfter(attempt, MIDDLE))
        .toList();
  }

  @Test
  void theStandardRidesOutAnOutage() {
    Retry retry = Retry.standard();

    assertThat(waits(retry, 9))
        .containsExactly(
            ofSeconds(10),
            ofSeconds(20),
            ofSeconds(40),
            ofSeconds(80),
            ofSeconds(160),
            ofSeconds(320),
            ofSeconds(640),
            ofSeconds(1280),
            ofSeconds(2560));
    assertThat(waits(retry, 9).stream().reduce(Duration.ZERO, Duration::plus))
        .isBetween(ofMinutes(85), ofMinutes(86));
    assertThat(retry.allowsAfter(9)).isTrue();
    assertThat(retry.allowsAfter(10)).isFalse();
  }

  @Test
  void noneIsOneAttempt() {
    assertThat(Retry.none().allowsAfter(1)).isFalse();
  }

  @Test
  void fixedWaitsTheSameEachTime() {
    assertThat(waits(Retry.fixed(ofSeconds(30)), 3))
        .containsExactly(ofSeconds(30), ofSeconds(30), ofSeconds(30));
    assertThat(Retry.fixed(ofSeconds(30)).delayAfter(1, 0)).isEqualTo(ofSeconds(30));
  }

  @Test
  void noWaitIsLongerThanTheCap() {
    Retry retry = Retry.exponential(ofSeconds(1)).factor(10).cappedAt(ofMinutes(1));
    assertThat(waits(retry, 4))
        .containsExactly(ofSeconds(1), ofSeconds(10), ofMinutes(1), ofMinutes(1));
    assertThat(retry.delayAfter(Integer.MAX_VALUE, MIDDLE)).isEqualTo(ofMinutes(1));
  }

  @Test
  void theCapIsAnHourOrInitialIfLonger() {
    assertThat(Retry.exponential(ofSeconds(1)).max()).isEqualTo(ofHours(1));
    assertThat(Retry.exponential(ofHours(2)).max()).isEqualTo(ofHours(2));
  }

  @Test
  void jitterStaysInItsBounds() {
    Retry retry = Retry.exponential(ofSeconds(10)).jitter(0.2);
    assertThat(retry.delayAfter(1, 0)).isEqualTo(ofSeconds(8));
    assertThat(retry.delayAfter(1, Math.nextDown(1.0))).isBetween(ofMillis(11_999), ofSeconds(12));

    new Random(42)
        .doubles(1_000)
        .forEach(
            random ->
                assertThat(retry.delayAfter(2, random)).isBetween(ofSeconds(16), ofSeconds(24)));
  }

  @Test
  void fullJitterNeverGoesBackInTime() {
    assertThat(Retry.exponential(ofSeconds(10)).jitter(1).delayAfter(1, 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void refusesFewerThanOneAttempt(int attempts) {
    assertRefused(() -> Retry.standard().maxAttempts(attempts), "maxAttempts can't be " + attempts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "P366D"})
  void refusesAnInitialWaitOutOfRange(Duration initial) {
    assertRefused(() -> Retry.exponential(initial), "initial can't be " + initial);
    assertRefused(() -> Retry.fixed(initial), "initial can't be " + initial);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.99, 0, -1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAFactorOutOfRange(double factor) {
    assertRefused(() -> Retry.standard().factor(factor), "factor can't be " + factor);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void refusesAJitterOutOfRange(double jitter) {
    assertRefused(() -> Retry.standard().jitter(jitter), "jitter can't be " + jitter);
  }

  @Test
  void refusesACapOutOfRange() {
    assertRefused(
        () -> Retry.standard().cappedAt(ofSeconds(9)),
        "max can't be PT9S; make it PT10S (initial) to 365 days");
    assertRefused(() -> Retry.standard().cappedAt(ofDays(366)), "max can't be PT8784H");
  }

  private static void assertRefused(ThrowingCallable declaration, String why) {
    assertThatThrownBy(declaration)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(why);
  }
}
