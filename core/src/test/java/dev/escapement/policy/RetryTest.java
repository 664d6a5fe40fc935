package dev.escapement.policy;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {

  private static final double MIDDLE = 0.5;
  private static final double HIGHEST = Math.nextDown(1.0);

  private static Optional<Duration> next(Retry retry, int attempt, double random) {
    return retry.next(attempt, Duration.ZERO, null, random);
  }

  private static List<Duration> waits(Retry retry, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(attempt -> next(retry, attempt, MIDDLE).orElseThrow())
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
    assertThat(next(retry, 10, MIDDLE)).isEmpty();
  }

  @Test
  void noneIsOneAttempt() {
    assertThat(next(Retry.none(), 1, MIDDLE)).isEmpty();
  }

  @Test
  void fixedWaitsTheSameEachTime() {
    assertThat(waits(Retry.fixed(ofSeconds(30)), 3))
        .containsExactly(ofSeconds(30), ofSeconds(30), ofSeconds(30));
    assertThat(next(Retry.fixed(ofSeconds(30)), 1, 0)).contains(ofSeconds(30));
    assertThat(waits(Retry.fixed(ofHours(2)), 1)).containsExactly(ofHours(2));
    assertThat(next(Retry.fixed(ofSeconds(30)), 10, 0)).isEmpty();
  }

  @Test
  void linearWaitsGrowByTheFirst() {
    assertThat(waits(Retry.linear(ofMinutes(25)), 4))
        .containsExactly(ofMinutes(25), ofMinutes(50), ofHours(1), ofHours(1));
    assertThat(next(Retry.linear(ofSeconds(10)), 3, 0)).contains(ofSeconds(24));
    assertThat(next(Retry.linear(ofSeconds(10)), 10, 0)).isEmpty();
  }

  @Test
  void noWaitIsLongerThanTheCap() {
    Retry retry = Retry.exponential(ofSeconds(1)).factor(10).cappedAt(ofMinutes(1));
    assertThat(waits(retry, 4))
        .containsExactly(ofSeconds(1), ofSeconds(10), ofMinutes(1), ofMinutes(1));
    Retry endless = retry.maxAttempts(Integer.MAX_VALUE);
    assertThat(next(endless, Integer.MAX_VALUE - 1, MIDDLE)).contains(ofMinutes(1));
    Retry linear = Retry.linear(ofDays(365)).maxAttempts(Integer.MAX_VALUE);
    assertThat(next(linear, Integer.MAX_VALUE - 1, MIDDLE)).contains(ofDays(365));
  }

  @Test
  void theCapIsAnHourOrInitialIfLonger() {
    assertThat(Retry.exponential(ofSeconds(1)).waits().max()).isEqualTo(ofHours(1));
    assertThat(Retry.exponential(ofHours(2)).waits().max()).isEqualTo(ofHours(2));
    assertThat(Retry.linear(ofSeconds(1)).waits().max()).isEqualTo(ofHours(1));
    assertThat(Retry.linear(ofHours(2)).waits().max()).isEqualTo(ofHours(2));
  }

  @Test
  void jitterStaysInItsBounds() {
    Retry retry = Retry.exponential(ofSeconds(10)).jitter(0.2);
    assertThat(next(retry, 1, 0)).contains(ofSeconds(8));
    assertThat(next(retry, 1, HIGHEST).orElseThrow()).isBetween(ofMillis(11_999), ofSeconds(12));

    new Random(42)
        .doubles(1_000)
        .forEach(
            random ->
                assertThat(next(retry, 2, random).orElseThrow())
                    .isBetween(ofSeconds(16), ofSeconds(24)));
  }

  @Test
  void fullJitterNeverGoesBackInTime() {
    assertThat(next(Retry.exponential(ofSeconds(10)).jitter(1), 1, 0)).contains(Duration.ZERO);
  }

  @Test
  void noAttemptStartsBeyondItsAge() {
    Retry retry = Retry.fixed(ofSeconds(30)).maxAge(ofMinutes(10));
    Duration latest = ofMinutes(10).minusSeconds(30);

    assertThat(retry.next(1, latest, null, MIDDLE)).contains(ofSeconds(30));
    assertThat(retry.next(1, latest.plusNanos(1), null, MIDDLE)).isEmpty();
    assertThat(retry.allows(1, ofMinutes(10), null)).isTrue();
    assertThat(retry.allows(1, ofMinutes(10).plusNanos(1), null)).isFalse();
  }

  @Test
  void theAgeCountsTheWaitThatJitterHasMade() {
    Retry retry = Retry.fixed(ofSeconds(30)).jitter(0.5).maxAge(ofSeconds(30));

    assertThat(retry.next(1, ofSeconds(15), null, 0)).contains(ofSeconds(15));
    assertThat(retry.next(1, ofSeconds(15), null, HIGHEST)).isEmpty();
  }

  @Test
  void attemptsAndAgeBothBound() {
    Retry retry = Retry.fixed(ofSeconds(1)).maxAttempts(2).maxAge(ofMinutes(1));

    assertThat(retry.next(1, Duration.ZERO, null, MIDDLE)).isPresent();
    assertThat(retry.next(2, Duration.ZERO, null, MIDDLE)).isEmpty();
    assertThat(retry.next(1, ofMinutes(1), null, MIDDLE)).isEmpty();
    assertThat(retry.allows(2, Duration.ZERO, null)).isFalse();
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
    assertRefused(() -> Retry.linear(initial), "initial can't be " + initial);
    assertRefused(() -> Retry.fixed(initial), "initial can't be " + initial);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.99, 0, -1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAFactorOutOfRange(double factor) {
    assertRefused(() -> Retry.standard().factor(factor), "factor can't be " + factor);
  }

  @Test
  void onlyExponentialWaitsHaveAFactor() {
    String why = "factor can't be 3.0; make it 1, or the retry an exponential one.";
    assertRefused(() -> Retry.fixed(ofSeconds(1)).factor(3), why);
    assertRefused(() -> Retry.linear(ofSeconds(1)).factor(3), why);
    assertThat(Retry.linear(ofSeconds(1)).factor(1)).isEqualTo(Retry.linear(ofSeconds(1)));
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

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "PT87600H0.001S"})
  void refusesAnAgeOutOfRange(Duration age) {
    assertRefused(
        () -> Retry.standard().maxAge(age),
        "maxAge can't be " + age + "; make it 1 ms to 3650 days.");
  }

  @Test
  void takesWhatLiesAtItsBounds() {
    assertThat(Retry.standard().maxAge(ofMillis(1)).maxAge()).contains(ofMillis(1));
    assertThat(Retry.standard().maxAge(ofDays(3650)).maxAge()).contains(ofDays(3650));
    assertThat(Retry.fixed(ofMillis(1)).waits().initial()).isEqualTo(ofMillis(1));
    assertThat(Retry.fixed(ofDays(365)).waits().max()).isEqualTo(ofDays(365));
    assertThat(Retry.standard().maxAge(ofDays(3650)).next(1, ofNanos(1), null, 0)).isPresent();
  }

  private static void assertRefused(ThrowingCallable declaration, String why) {
    assertThatThrownBy(declaration)
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(why);
  }
}
