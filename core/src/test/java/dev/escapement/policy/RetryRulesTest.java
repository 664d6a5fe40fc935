package dev.escapement.policy;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.NotRetryable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each rule waits for a time of its own, by which it is known. */
class RetryRulesTest {

  private static final Duration OF_ALL = ofSeconds(1);
  private static final Duration OF_IO = ofSeconds(2);
  private static final Duration OF_STATE = ofSeconds(3);
  private static final Duration OF_RUNTIME = ofSeconds(4);

  private static final Retry RETRY =
      Retry.fixed(OF_ALL)
          .on(IOException.class, Retry.fixed(OF_IO))
          .on(IllegalStateException.class, Retry.fixed(OF_STATE));

  private static Optional<Duration> after(@Nullable Throwable thrown, Retry retry) {
    return retry.next(1, Duration.ZERO, thrown, 0.5);
  }

  @Test
  void aRuleIsForItsClassAndThoseBelow() {
    assertThat(after(new IOException(), RETRY)).contains(OF_IO);
    assertThat(after(new FileNotFoundException(), RETRY)).contains(OF_IO);
    assertThat(after(new IllegalStateException(), RETRY)).contains(OF_STATE);
  }

  @Test
  void whatNoRuleIsForIsTriedAgainLikeATimeout() {
    assertThat(after(new RuntimeException(), RETRY)).contains(OF_ALL);
    assertThat(after(new StackOverflowError(), RETRY)).contains(OF_ALL);
    assertThat(after(null, RETRY)).contains(OF_ALL);
  }

  @Test
  void theNearestSuperclassCounts() {
    Retry both = RETRY.on(RuntimeException.class, Retry.fixed(OF_RUNTIME));
    assertThat(after(new IllegalStateException(), both)).contains(OF_STATE);
    assertThat(after(new IllegalArgumentException(), both)).contains(OF_RUNTIME);

    Retry turned =
        Retry.fixed(OF_ALL)
            .on(RuntimeException.class, Retry.fixed(OF_RUNTIME))
            .on(IllegalStateException.class, Retry.fixed(OF_STATE));
    assertThat(after(new IllegalStateException(), turned)).contains(OF_STATE);
  }

  @Test
  void theNearestCauseCounts() {
    Throwable io = new UncheckedIOException(new IOException());
    assertThat(after(io, RETRY)).contains(OF_IO);
    assertThat(after(new RuntimeException(io), RETRY)).contains(OF_IO);
    assertThat(after(new IOException(new IllegalStateException()), RETRY)).contains(OF_IO);
    assertThat(after(new IllegalStateException(new IOException()), RETRY)).contains(OF_STATE);

    Retry wide = RETRY.on(RuntimeException.class, Retry.fixed(OF_RUNTIME));
    assertThat(after(io, wide)).contains(OF_RUNTIME);
  }

  @Test
  void aRuleThatIsSaidAgainTakesThePlaceOfTheEarlier() {
    Retry changed = RETRY.on(IOException.class, Retry.fixed(ofMinutes(1)));
    assertThat(after(new IOException(), changed)).contains(ofMinutes(1));
  }

  @Test
  void notOnIsNoRetryAtAll() {
    Retry retry = RETRY.notOn(IOException.class, IllegalArgumentException.class);
    assertThat(after(new FileNotFoundException(), retry)).isEmpty();
    assertThat(after(new RuntimeException(new IllegalArgumentException()), retry)).isEmpty();
    assertThat(after(new IllegalStateException(), retry)).contains(OF_STATE);
    assertThat(retry.allows(1, Duration.ZERO, new IOException())).isFalse();
    assertThat(RETRY.notOn()).isEqualTo(RETRY);
  }

  @SuppressWarnings("serial")
  private static final class Hopeless extends IllegalStateException implements NotRetryable {}

  @Test
  void whatIsNotRetryableEndsItWhateverTheRulesSayOfItsClass() {
    assertThat(after(new Hopeless(), Retry.standard())).isEmpty();
    assertThat(after(new RuntimeException(new Hopeless()), Retry.standard())).isEmpty();
    assertThat(after(new Hopeless(), RETRY.on(Hopeless.class, Retry.fixed(OF_STATE)))).isEmpty();
  }

  @Test
  void aRuleForWhatIsNearerStandsBeforeAHopelessCause() {
    assertThat(after(new IOException(new Hopeless()), RETRY)).contains(OF_IO);
  }

  @Test
  void theAttemptsOfARuleCountAllThatWereMade() {
    Retry few = Retry.fixed(OF_ALL).maxAttempts(2);
    Retry retry =
        few.on(IOException.class, Retry.fixed(OF_IO).maxAttempts(5))
            .on(IllegalStateException.class, Retry.none());

    assertThat(retry.next(2, Duration.ZERO, null, 0)).isEmpty();
    assertThat(retry.next(4, Duration.ZERO, new IOException(), 0)).contains(OF_IO);
    assertThat(retry.next(5, Duration.ZERO, new IOException(), 0)).isEmpty();
    assertThat(retry.next(1, Duration.ZERO, new IllegalStateException(), 0)).isEmpty();
  }

  @Test
  void theAgeBoundsWhatRulesAllowToo() {
    Retry retry = RETRY.maxAge(ofMinutes(1));
    Duration latest = ofMinutes(1).minus(OF_IO);

    assertThat(retry.next(1, latest, new IOException(), 0)).contains(OF_IO);
    assertThat(retry.next(1, latest.plusNanos(1), new IOException(), 0)).isEmpty();
  }

  @Test
  void whatIsSaidLaterLeavesTheRules() {
    Retry retry = RETRY.maxAttempts(3).jitter(0.1).cappedAt(ofMinutes(1)).maxAge(ofMinutes(1));
    assertThat(retry.rules()).isEqualTo(RETRY.rules());
    assertThat(retry.notOn(Error.class).maxAge()).contains(ofMinutes(1));
  }

  @Test
  void causesThatGoRoundAreLeftInTheEnd() {
    Exception one = new Exception();
    Exception other = new Exception(one);
    one.initCause(other);

    assertThat(after(one, RETRY)).contains(OF_ALL);
  }

  @SuppressWarnings("serial")
  private static final class EverNew extends Exception {
    @Override
    public synchronized Throwable getCause() {
      return new EverNew();
    }
  }

  @Test
  void causesWithoutEndAreLeftInTheEnd() {
    assertThat(after(new EverNew(), RETRY)).contains(OF_ALL);
  }

  @SuppressWarnings("serial")
  private static final class Broken extends IOException {
    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause for you");
    }
  }

  @Test
  void anExceptionThatThrowsWhenItIsAskedHasNoCause() {
    assertThat(after(new Broken(), Retry.fixed(OF_ALL))).contains(OF_ALL);
    assertThat(after(new Broken(), RETRY)).contains(OF_IO);
  }

  @Test
  void equalsWhatSaysTheSameInAnotherOrder() {
    Retry turned =
        Retry.fixed(OF_ALL)
            .on(IllegalStateException.class, Retry.fixed(OF_STATE))
            .on(IOException.class, Retry.fixed(OF_IO));

    assertThat(turned).isEqualTo(RETRY).hasSameHashCodeAs(RETRY);
    assertThat(RETRY.notOn(Error.class)).isNotEqualTo(RETRY);
  }

  @Test
  void aRuleHasNoRulesAndNoAgeOfItsOwn() {
    assertThatThrownBy(() -> Retry.standard().on(IOException.class, RETRY))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            "The retry on java.io.IOException has rules of its own; say that of the whole retry.");
    Retry aged = Retry.fixed(OF_ALL).maxAge(ofMinutes(1));
    assertThatThrownBy(() -> Retry.standard().on(IOException.class, aged))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            "The retry on java.io.IOException has a maxAge of its own; say that of the whole"
                + " retry.");
  }
}
