package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The steps of a trigger's life, as a node takes them. */
record Movement(Store store, SessionId session) {

  static final String JOB = "send-invoice";

  /** Opens the store and a session that knows {@link #JOB}. */
  static Movement on(Store store) {
    store.open();
    SessionId session = SessionId.next();
    store
        .sessions()
        .open(
            new NewSession(
                session,
                "node",
                "",
                Set.of("default"),
                List.of(new JobDeclaration(JOB, "default", Priority.NORMAL, null))));
    return new Movement(store, session);
  }

  static NewTrigger trigger(Due due) {
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        JOB,
        null,
        Placement.OF_JOB,
        due,
        null,
        new byte[0],
        OnConflict.KEEP);
  }

  TriggerId enqueue() {
    NewTrigger trigger = trigger(Due.now());
    store.triggers().enqueue(List.of(trigger));
    return trigger.id();
  }

  void enqueue(int count) {
    store.triggers().enqueue(Stream.generate(() -> trigger(Due.now())).limit(count).toList());
  }

  List<Claim> claim(int limit) {
    return store
        .claims()
        .claim(
            new ClaimRequest(
                session,
                List.of(new Demand("default", limit)),
                Set.of(JOB),
                Set.of(),
                Position.START))
        .claims();
  }

  Set<TriggerId> complete(List<Claim> claims) {
    return store.claims().complete(successes(claims)).written();
  }

  static List<Completion> successes(List<Claim> claims) {
    return claims.stream()
        .map(
            claim ->
                new Completion(
                    claim.guard(),
                    new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true),
                    Next.REMOVE))
        .toList();
  }

  static List<Completion> retries(List<Claim> claims) {
    return claims.stream()
        .map(
            claim ->
                new Completion(
                    claim.guard(),
                    new Ending(Outcome.FAILED, null, null, null, false, null, true),
                    new Next.Retry(Due.in(Duration.ofHours(1)))))
        .toList();
  }

  /** From enqueue to history. */
  void round() {
    TriggerId id = enqueue();
    List<Claim> claims = claim(10);
    assertThat(claims).extracting(claim -> claim.guard().id()).containsExactly(id);
    assertThat(complete(claims)).containsExactly(id);
    assertThat(store.triggers().find(id)).isEmpty();
    assertThat(store.history().of(id)).hasSize(1);
  }
}
