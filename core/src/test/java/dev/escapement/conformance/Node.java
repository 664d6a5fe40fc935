package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.policy.JobPolicy;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.Position;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a scheduler does with a store, one step at a time: a session, and the claims it makes. */
record Node(Store store, SessionId id, Set<String> jobs) {

  static final String QUEUE = JobPolicy.DEFAULT_QUEUE;

  /** Opens a session that knows these jobs and places them by default. */
  static Node open(Store store, String... jobs) {
    return open(
        store,
        Arrays.stream(jobs)
            .map(job -> new JobDeclaration(job, QUEUE, Priority.NORMAL, null))
            .toArray(JobDeclaration[]::new));
  }

  static Node open(Store store, JobDeclaration... jobs) {
    SessionId id = SessionId.next();
    store.sessions().open(new NewSession(id, "node", "1.0", Set.of(QUEUE), List.of(jobs)));
    return new Node(store, id, Set.copyOf(Arrays.stream(jobs).map(JobDeclaration::job).toList()));
  }

  /** The same session, seen through another store. */
  Node through(Store other) {
    return new Node(other, id, jobs);
  }

  /** Claims from the default queue. */
  List<Claim> claim(int limit) {
    return claim(QUEUE, limit).claims();
  }

  ClaimResult claim(String queue, int limit) {
    return claim(Position.START, new Demand(queue, limit));
  }

  ClaimResult claim(Position position, Demand... demands) {
    return store.claims().claim(new ClaimRequest(id, List.of(demands), jobs, Set.of(), position));
  }

  /** Claims from the default queue; the standing triggers of all its jobs spawn. */
  ClaimResult claimSpawning(int limit) {
    return store
        .claims()
        .claim(new ClaimRequest(id, List.of(new Demand(QUEUE, limit)), jobs, jobs, Position.START));
  }

  /** Grows whenever somebody comes, goes, or decides something. */
  long epoch() {
    return claim(QUEUE, 0).epoch();
  }

  /** Grows whenever something is asked that a holder should hear. */
  long requests() {
    return claim(QUEUE, 0).requests();
  }

  List<RunningTrigger> running() {
    return store.claims().running(id, 10_000);
  }

  List<TriggerId> runningIds() {
    return running().stream().map(trigger -> trigger.guard().id()).toList();
  }

  Optional<SessionRecord> session() {
    return store.sessions().all().stream().filter(session -> session.id().equals(id)).findFirst();
  }

  /** Is declared dead at the beat that it has. */
  void die() {
    assertThat(store.sessions().declareDead(id, session().orElseThrow().beat())).isTrue();
  }

  void close() {
    store.sessions().close(id);
  }
}
