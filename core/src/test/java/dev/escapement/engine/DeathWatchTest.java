package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dead by its beat is: three looks at the same one, and one lease, here 20 s. */
class DeathWatchTest {

  private final HandClock clock = new HandClock();
  private final DeathWatch watch = new DeathWatch(Given.TIMING);
  private final SessionId self = SessionId.next();
  private final SessionId other = SessionId.next();

  private List<SessionId> look(SessionRecord... sessions) {
    return watch.look(List.of(sessions), self, clock.getAsLong(), clock.getAsLong()).stream()
        .map(SessionRecord::id)
        .toList();
  }

  private List<SessionId> lookAfter(int seconds, SessionRecord... sessions) {
    clock.pass(Duration.ofSeconds(seconds));
    return look(sessions);
  }

  private SessionRecord beating(long beat) {
    return Given.sessionRow(other, true, beat);
  }

  @Test
  void aWholeLeaseAndNoSooner() {
    assertThat(look(beating(1))).isEmpty();
    assertThat(lookAfter(5, beating(1))).isEmpty();
    assertThat(lookAfter(5, beating(1))).isEmpty();
    assertThat(lookAfter(5, beating(1))).isEmpty();
    clock.pass(Duration.ofSeconds(5).minusNanos(1));
    assertThat(look(beating(1))).isEmpty();
    clock.pass(Duration.ofNanos(1));
    assertThat(look(beating(1))).containsExactly(other);
  }

  @Test
  void twoLooksAreTooFewHoweverLongTheyAreApart() {
    assertThat(look(beating(1))).isEmpty();
    assertThat(lookAfter(3_600, beating(1))).isEmpty();
    assertThat(lookAfter(0, beating(1))).containsExactly(other);
  }

  @Test
  void manyLooksInLessThanALeaseAreTooFew() {
    for (int i = 0; i < 190; i++) {
      assertThat(look(beating(1))).isEmpty();
      clock.pass(Duration.ofMillis(100));
    }
  }

  @Test
  void aBeatInBetweenStartsAnew() {
    look(beating(1));
    lookAfter(10, beating(1));
    assertThat(lookAfter(10, beating(2))).isEmpty();
    assertThat(lookAfter(10, beating(2))).isEmpty();
    assertThat(lookAfter(9, beating(2))).isEmpty();
    assertThat(lookAfter(1, beating(2))).containsExactly(other);
  }

  @Test
  void aBeatThatGoesBackIsALifeSignToo() {
    look(beating(8));
    lookAfter(10, beating(8));
    assertThat(lookAfter(10, beating(3))).as("a store that was restored").isEmpty();
  }

  @Test
  void itStaysDeadUntilItsRowSaysSo() {
    look(beating(1));
    lookAfter(10, beating(1));
    assertThat(lookAfter(10, beating(1))).containsExactly(other);
    assertThat(lookAfter(5, beating(1))).containsExactly(other);
    assertThat(lookAfter(5, Given.sessionRow(other, false, 1))).isEmpty();
  }

  @Test
  void itselfAndTheDeadAreNotWatched() {
    SessionRecord own = Given.sessionRow(self, true, 1);
    SessionRecord dead = Given.sessionRow(other, false, 1);
    for (int i = 0; i < 10; i++) {
      assertThat(lookAfter(10, own, dead)).isEmpty();
    }
  }

  /** A beat may have come until the answer was there. */
  @Test
  void aSlowLookCountsFromItsAnswer() {
    long asked = clock.getAsLong();
    clock.pass(Duration.ofSeconds(5));
    watch.look(List.of(beating(1)), self, asked, clock.getAsLong());
    assertThat(lookAfter(8, beating(1))).isEmpty();
    assertThat(lookAfter(8, beating(1))).isEmpty();
    assertThat(lookAfter(4, beating(1))).containsExactly(other);
  }

  @Test
  void eachSessionHasItsOwnTime() {
    SessionId third = SessionId.next();
    look(beating(1));
    lookAfter(10, beating(1), Given.sessionRow(third, true, 1));
    assertThat(lookAfter(10, beating(1), Given.sessionRow(third, true, 1))).containsExactly(other);
    assertThat(lookAfter(10, beating(1), Given.sessionRow(third, true, 1)))
        .containsExactlyInAnyOrder(other, third);
  }

  @Test
  void forgettingGivesAWholeLeaseOfGrace() {
    look(beating(1));
    lookAfter(10, beating(1));
    watch.forget();
    assertThat(lookAfter(10, beating(1))).isEmpty();
    assertThat(lookAfter(10, beating(1))).isEmpty();
    assertThat(lookAfter(10, beating(1))).containsExactly(other);
  }

  @Test
  void oneThatVanishedAndIsSeenAgainStartsAnew() {
    look(beating(1));
    lookAfter(10, beating(1));
    assertThat(lookAfter(10)).isEmpty();
    assertThat(lookAfter(10, beating(1))).isEmpty();
  }
}
