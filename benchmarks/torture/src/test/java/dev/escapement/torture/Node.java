package dev.escapement.torture;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
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
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The steps that a replica takes, one by one. */
record Node(Store store, SessionId session) {

  static final String JOB = "send-invoice";

  /** Opens the store there, and a session that knows {@link #JOB}. */
  static Node at(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    Store store = JdbcStore.builder(source).migrate(SchemaPolicy.APPLY).build();
    store.open();
    SessionId session = SessionId.next();
    JobDeclaration job = new JobDeclaration(JOB, "default", Priority.NORMAL, null);
    store.sessions().open(new NewSession(session, "node", "", Set.of("default"), List.of(job)));
    return new Node(store, session);
  }

  static NewTrigger trigger(@Nullable String key, OnConflict onConflict) {
    return new NewTrigger(
        TriggerId.next(),
        TriggerKind.ONE_TIME,
        JOB,
        key,
        Placement.OF_JOB,
        Due.now(),
        null,
        new byte[0],
        onConflict);
  }

  TriggerId enqueue() {
    NewTrigger trigger = trigger(null, OnConflict.KEEP);
    store.triggers().enqueue(List.of(trigger));
    return trigger.id();
  }

  List<Claim> claim() {
    return store
        .claims()
        .claim(
            new ClaimRequest(
                session, List.of(new Demand("default", 10)), Set.of(JOB), Set.of(), Position.START))
        .claims();
  }

  /** Ends these claims well. */
  static List<Completion> endings(List<Claim> claims) {
    return claims.stream()
        .map(
            claim ->
                new Completion(
                    claim.guard(),
                    new Ending(Outcome.SUCCEEDED, null, null, null, false, null, true),
                    Next.REMOVE))
        .toList();
  }

  void complete(List<Claim> claims) {
    store.claims().complete(endings(claims));
  }
}
