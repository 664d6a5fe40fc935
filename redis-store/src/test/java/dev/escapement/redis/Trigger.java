package dev.escapement.redis;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.policy.JobPolicy;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import java.util.List;
import java.util.Set;

/** What a test has a store do with triggers of one job. */
final class Trigger {

  static final String JOB = "job";

  private Trigger() {}

  static NewTrigger now() {
    return of(JOB);
  }

  static NewTrigger of(String job) {
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        job,
        null,
        NewTrigger.Placement.OF_JOB,
        Due.now(),
        null,
        new byte[0],
        OnConflict.KEEP);
  }

  static SessionId session(Store store) {
    SessionId id = SessionId.next();
    store
        .sessions()
        .open(
            new NewSession(
                id,
                "node",
                "",
                Set.of(JobPolicy.DEFAULT_QUEUE),
                List.of(new JobDeclaration(JOB, JobPolicy.DEFAULT_QUEUE, Priority.NORMAL, null))));
    return id;
  }

  static ClaimResult claim(Store store, SessionId session, int limit) {
    return store
        .claims()
        .claim(
            new ClaimRequest(
                session,
                List.of(new Demand(JobPolicy.DEFAULT_QUEUE, limit)),
                Set.of(JOB),
                Set.of(),
                Position.START));
  }

  static Completion success(Claim claim) {
    return new Completion(
        claim.guard(),
        new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true),
        Next.REMOVE);
  }
}
