package dev.escapement.proofs;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.Guard;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.NewSession;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.Position;
import dev.escapement.store.Request;
import dev.escapement.store.Requests;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two sessions, two triggers and a key that is taken twice, against {@link PlainStore}. */
@Param(name = "session", gen = IntGen.class, conf = "1:2")
@Param(name = "trigger", gen = IntGen.class, conf = "1:2")
@Param(name = "version", gen = IntGen.class, conf = "1:3")
public class MemoryStoreTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String JOB = "job";
  private static final String QUEUE = "default";

  private final MemoryStore store = new MemoryStore(() -> NOON);

  /** Two sessions are open, two triggers are due. */
  public MemoryStoreTest() {
    for (int session = 1; session <= 2; session++) {
      JobDeclaration job = new JobDeclaration(JOB, QUEUE, Priority.NORMAL, null);
      store
          .sessions()
          .open(new NewSession(session(session), "node", "", Set.of(QUEUE), List.of(job)));
    }
    enqueue(1, "key 1");
    enqueue(2, "key 2");
  }

  private String enqueue(int trigger, String key) {
    NewTrigger made =
        new NewTrigger(
            id(trigger),
            TriggerKind.ONE_TIME,
            JOB,
            key,
            NewTrigger.Placement.OF_JOB,
            Due.at(NOON),
            null,
            new byte[0],
            OnConflict.KEEP);
    return store.triggers().enqueue(List.of(made)).get(0).result().name();
  }

  private static TriggerId id(int trigger) {
    return new TriggerId(new UUID(0, trigger));
  }

  private static SessionId session(int number) {
    return new SessionId(new UUID(1, number));
  }

  private static Guard guard(int session, int trigger, int version) {
    return new Guard(id(trigger), version, session(session));
  }

  /** One of two that want the same key. */
  @Operation(runOnce = true)
  public String enqueueOne() {
    return enqueue(3, "key 3");
  }

  /** The other. */
  @Operation(runOnce = true)
  public String enqueueOther() {
    return enqueue(4, "key 3");
  }

  /** Claims one. */
  @Operation(params = "session")
  public String claim(int session) {
    ClaimRequest request =
        new ClaimRequest(
            session(session),
            List.of(new ClaimRequest.Demand(QUEUE, 1)),
            Set.of(JOB),
            Set.of(),
            Position.START);
    return store.claims().claim(request).claims().stream()
        .map(MemoryStoreTest::show)
        .collect(Collectors.joining());
  }

  private static String show(Claim claim) {
    return claim.guard().id().value().getLeastSignificantBits()
        + " in version "
        + claim.guard().version()
        + ", attempt "
        + claim.attempt();
  }

  /** Ends a claim for good, whether it is held or not. */
  @Operation(params = {"session", "trigger", "version"})
  public boolean finish(int session, int trigger, int version) {
    Ending ending =
        new Ending(Outcome.SUCCEEDED, NOON, NOON, null, false, null, /* recorded= */ true);
    Completion completion =
        new Completion(guard(session, trigger, version), ending, new Next.Remove());
    return !store.claims().complete(List.of(completion)).written().isEmpty();
  }

  /** Ends a claim whose trigger is to run again. */
  @Operation(params = {"session", "trigger", "version"})
  public String retry(int session, int trigger, int version) {
    Guard guard = guard(session, trigger, version);
    Completion completion =
        new Completion(guard, unseen(Outcome.FAILED), new Next.Retry(Due.at(NOON)));
    var ended = store.claims().complete(List.of(completion));
    return ended.written().isEmpty()
        ? "refused"
        : ended.turned().isEmpty() ? "written" : "cancelled";
  }

  /** Takes a trigger over from a session, if that is dead. */
  @Operation(params = {"session", "trigger", "version"})
  public String takeOver(int session, int trigger, int version) {
    Guard guard = guard(session, trigger, version);
    Completion completion = new Completion(guard, unseen(Outcome.LOST), new Next.Recover());
    var ended = store.claims().takeOver(List.of(completion));
    return ended.written().isEmpty()
        ? "refused"
        : ended.turned().isEmpty() ? "written" : "cancelled";
  }

  private static Ending unseen(Outcome outcome) {
    return Ending.unseen(outcome, new Failure("lost", "lost", ""), false);
  }

  /** Cancels a trigger that waits, or asks that of one that runs. */
  @Operation(params = "trigger")
  public String cancel(int trigger) {
    Requests.Answer answer =
        store.requests().put(List.of(id(trigger)), new Request.Cancel()).get(id(trigger));
    return answer == null ? "none" : answer.result() + " of a " + answer.before();
  }

  /** Beats. */
  @Operation(params = "session")
  public boolean beat(int session) {
    return store.sessions().beat(session(session), new NodeLoad(1, 0));
  }

  /** Declares a session dead that has never beaten. */
  @Operation(params = "session")
  public boolean declareDead(int session) {
    return store.sessions().declareDead(session(session), 0);
  }

  /** Which triggers are RUNNING, as the audit of a session sees it. */
  @Operation(params = "session")
  public String running(int session) {
    return store.claims().running(session(session), 10).stream()
        .map(running -> running.guard().id().value().getLeastSignificantBits())
        .sorted()
        .toList()
        .toString();
  }

  @Test
  void noInterleavingShowsMoreThanOneStepAtATime() {
    Interleavings.explore(MemoryStoreTest.class, PlainStore.class, 2, 20);
  }

  @Test
  @Tag("torture")
  void noCollisionShowsMoreThanOneStepAtATime() {
    Interleavings.stress(MemoryStoreTest.class, PlainStore.class, 2, 200);
  }
}
