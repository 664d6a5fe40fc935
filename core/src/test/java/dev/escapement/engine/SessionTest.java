package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.store.SessionId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a session trusts itself: lease minus margin, here 18 s, from when the beat was sent. */
class SessionTest {

  private static final long SPAN = Duration.ofSeconds(18).toNanos();

  private final HandClock clock = new HandClock();
  private final Session session = Given.session(clock);

  @Test
  void trustLastsFromItsOpeningForLeaseMinusMargin() {
    clock.pass(Duration.ofNanos(SPAN - 1));
    assertThat(session.trusted()).isTrue();
    clock.pass(Duration.ofNanos(1));
    assertThat(session.trusted()).isFalse();
  }

  @Test
  void aBeatProlongsTrustFromWhenItWasSentNotFromItsAnswer() {
    clock.pass(Duration.ofSeconds(5));
    long sentAt = clock.getAsLong();
    clock.pass(Duration.ofSeconds(4));
    session.beaten(sentAt);

    clock.pass(Duration.ofSeconds(14).minusNanos(1));
    assertThat(session.trusted()).isTrue();
    clock.pass(Duration.ofNanos(1));
    assertThat(session.trusted()).isFalse();
  }

  @Test
  void aLaterBeatRestoresTrust() {
    clock.pass(Duration.ofMinutes(10));
    assertThat(session.trusted()).isFalse();
    session.beaten(clock.getAsLong());
    assertThat(session.trusted()).isTrue();
  }

  @Test
  void aBeatWhoseAnswerCameAfterItsOwnSpanRestoresNothing() {
    long sentAt = clock.getAsLong();
    clock.pass(Duration.ofMinutes(10));
    session.beaten(sentAt);
    assertThat(session.trusted()).isFalse();
  }

  @Test
  void deadIsFinal() {
    session.die();
    assertThat(session.trusted()).isFalse();
    session.beaten(clock.getAsLong());
    assertThat(session.trusted()).isFalse();
    assertThat(session.isDead()).isTrue();
  }

  @Test
  void aFailedBeatIsADisruptionAndNoLossOfTrust() {
    session.disrupted();
    assertThat(session.disruptions()).isEqualTo(1);
    assertThat(session.trusted()).isTrue();
  }

  /** An observer that was cut off without an error must not take the silence for another's. */
  @Test
  void aBeatAfterAGapOfTwoHeartbeatsIsADisruption() {
    clock.pass(Duration.ofSeconds(10));
    session.beaten(clock.getAsLong());
    assertThat(session.disruptions()).isEqualTo(1);
  }

  @Test
  void oneThatIsAlmostInTimeIsNone() {
    clock.pass(Duration.ofSeconds(10).minusNanos(1));
    session.beaten(clock.getAsLong());
    assertThat(session.disruptions()).isZero();
  }

  @Test
  void itIsSteadyWhileNoBeatIsOverdue() {
    clock.pass(Duration.ofSeconds(10).minusNanos(1));
    assertThat(session.steady()).isTrue();
    clock.pass(Duration.ofNanos(1));
    assertThat(session.steady()).isFalse();
    session.beaten(clock.getAsLong());
    assertThat(session.steady()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 1_000})
  void anyNanoTimeWillDo(long origin) {
    long[] now = {origin};
    Session anywhere = new Session(SessionId.next(), Given.TIMING, () -> now[0], origin);
    assertThat(anywhere.trusted()).isTrue();
    now[0] = origin + SPAN - 1;
    assertThat(anywhere.trusted()).isTrue();
    now[0] = origin + SPAN;
    assertThat(anywhere.trusted()).isFalse();
    anywhere.beaten(now[0]);
    now[0] += SPAN - 1;
    assertThat(anywhere.trusted()).isTrue();
    now[0]++;
    assertThat(anywhere.trusted()).isFalse();
  }
}
