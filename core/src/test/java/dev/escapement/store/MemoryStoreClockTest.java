package dev.escapement.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.ClaimRequest.Demand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What only a store shows whose clock a test can turn. */
final class MemoryStoreClockTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MICRO = Duration.ofNanos(1_000);

  private final SessionId session = SessionId.next();
  private Instant now = NOON;
  private final Store store = new MemoryStore(() -> now);

  private void open() {
    store
        .sessions()
        .open(
            new NewSession(
                session,
                "node",
                "",
                Set.of("mail"),
                List.of(new JobDeclaration("send", "mail", Priority.NORMAL, null))));
  }

  private ClaimResult claim() {
    return store
        .claims()
        .claim(
            new ClaimRequest(
                session,
                List.of(new Demand("mail", 10)),
                Set.of("send"),
                Set.of(),
                Position.START));
  }

  private void enqueue(Due due) {
    store
        .triggers()
        .enqueue(
            List.of(
                new NewTrigger(
                    TriggerId.next(),
                    TriggerKind.ONE_TIME,
                    "send",
                    null,
                    NewTrigger.Placement.OF_JOB,
                    due,
                    null,
                    new byte[0],
                    OnConflict.KEEP)));
  }

  @Test
  void cutsItsClockToMicroseconds() {
    now = NOON.plusNanos(1_999);
    assertThat(store.now()).isEqualTo(NOON.plus(MICRO));
  }

  @Test
  void claimsAtTheDueAndNotAMicrosecondBefore() {
    open();
    enqueue(Due.in(Duration.ofMinutes(10)));
    Instant due = NOON.plus(Duration.ofMinutes(10));

    now = due.minusNanos(1);
    assertThat(claim().claims()).isEmpty();
    assertThat(claim().nextDue()).isEqualTo(due);

    now = due;
    ClaimResult result = claim();
    assertThat(result.claims()).extracting(Claim::claimedAt).containsExactly(due);
    assertThat(result.nextDue()).isNull();
  }

  @Test
  void waitsAgainWhenItsClockStepsBack() {
    open();
    enqueue(Due.now());
    now = NOON.minusSeconds(3_600);
    assertThat(claim().claims()).isEmpty();
    now = NOON;
    assertThat(claim().claims()).hasSize(1);
  }

  @Test
  void purgesSessionsThatHaveBeenDeadForLonger() {
    open();
    store.sessions().declareDead(session, 0);
    now = NOON.plus(Duration.ofDays(1));
    assertThat(store.sessions().purge(Duration.ofDays(1))).isZero();
    now = now.plus(MICRO);
    assertThat(store.sessions().purge(Duration.ofDays(1))).isEqualTo(1);
  }

  @Test
  void forgetsExecutionsThatWereClaimedLongerAgo() {
    open();
    enqueue(Due.now());
    Claim claim = claim().claims().get(0);
    Ending lost = Ending.unseen(Outcome.LOST, Failure.because("lost", ""), false);
    store.claims().complete(List.of(new Completion(claim.guard(), lost, Next.REMOVE)));
    now = NOON.plus(Duration.ofDays(14));
    assertThat(store.history().purge(Duration.ofDays(14), 10)).isZero();
    now = now.plus(MICRO);
    assertThat(store.history().purge(Duration.ofDays(14), 10)).isEqualTo(1);
  }

  @Test
  void aNewDeclarationIsTheLatestWhateverTheClockSays() {
    open();
    declare("later");
    assertThat(store.jobs().all().get(0).firstSeen()).isEqualTo(NOON.plus(MICRO));
    now = NOON.minus(Duration.ofHours(1));
    declare("latest");
    assertThat(store.jobs().all().get(0).queue()).isEqualTo("latest");
    assertThat(store.jobs().all().get(0).firstSeen()).isEqualTo(NOON.plus(MICRO).plus(MICRO));
  }

  private void declare(String queue) {
    store
        .sessions()
        .open(
            new NewSession(
                SessionId.next(),
                "node",
                "",
                Set.of(queue),
                List.of(new JobDeclaration("send", queue, Priority.NORMAL, null))));
  }
}
