package dev.escapement.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A store in memory, for tests and for applications of a single process. Everything is lost with
 * the object. The schedulers that shall share its triggers share the object; {@link #close()}
 * leaves them alone.
 *
 * <p>One lock makes each method one atomic step. Rows are found through sorted indexes, so that a
 * claim costs O(log n) for each trigger claimed, however many wait.
 */
public final class MemoryStore implements Store {

  private final MemoryTables tables;
  private final Triggers triggers;
  private final Sessions sessions;
  private final Jobs jobs;
  private final Claims claims;
  private final Holds holds;
  private final History history;
  private final Requests requests;
  private final Queues queues;
  private final Checkpoints checkpoints;
  private final Wakeups wakeups = new MemoryWakeups();

  /** An empty store on the system's clock. */
  public MemoryStore() {
    this(InstantSource.system());
  }

  /** An empty store on a clock that a test can turn. */
  public MemoryStore(InstantSource clock) {
    this.tables = new MemoryTables(clock);
    this.triggers = new MemoryTriggers(tables);
    this.sessions = new MemorySessions(tables);
    this.jobs = new MemoryJobs(tables);
    this.claims = new MemoryClaims(tables);
    this.holds = new MemoryHolds(tables);
    this.history = new MemoryHistory(tables);
    this.requests = new MemoryRequests(tables);
    this.queues = new MemoryQueues(tables);
    this.checkpoints = new MemoryCheckpoints(tables);
  }

  @Override
  public void open() {}

  @Override
  public Instant now() {
    return tables.now();
  }

  @Override
  public Triggers triggers() {
    return triggers;
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Jobs jobs() {
    return jobs;
  }

  @Override
  public Claims claims() {
    return claims;
  }

  @Override
  public Holds holds() {
    return holds;
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Requests requests() {
    return requests;
  }

  @Override
  public Queues queues() {
    return queues;
  }

  @Override
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  @Override
  public Optional<Transactions> transactions() {
    return Optional.empty();
  }

  @Override
  public void afterCommit(Runnable action) {
    action.run();
  }

  @Override
  public Wakeups wakeups() {
    return wakeups;
  }

  @Override
  public String describe() {
    return "the memory of this process";
  }

  @Override
  public void close() {}
}
