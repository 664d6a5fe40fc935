package dev.escapement.testing;

import dev.escapement.store.Checkpoints;
import dev.escapement.store.History;
import dev.escapement.store.Holds;
import dev.escapement.store.Jobs;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Queues;
import dev.escapement.store.Requests;
import dev.escapement.store.Sessions;
import dev.escapement.store.Store;
import dev.escapement.store.Transactions;
import dev.escapement.store.Triggers;
import dev.escapement.store.Wakeups;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory, with an order in what it hands out, and transactions if it was given any.
 */
final class TestStore implements Store {

  private final MemoryStore memory;
  private final TestTriggers triggers;
  private final TestClaims claims;
  private final Optional<Transactions> transactions;

  /**
   * @param declared the names of the jobs
   * @param dataSource where transactional jobs get their connections; null for nowhere
   * @param rollbacks hears what is to be done if the caller's transaction is rolled back
   */
  TestStore(
      InstantSource clock,
      List<String> declared,
      @Nullable DataSource dataSource,
      Consumer<Runnable> rollbacks) {
    this.memory = new MemoryStore(clock);
    this.triggers = new TestTriggers(memory, declared, rollbacks);
    this.claims = new TestClaims(memory);
    this.transactions =
        Optional.ofNullable(dataSource)
            .map(source -> new TestTransactions(source, triggers, claims));
  }

  @Override
  public void open() {
    memory.open();
  }

  @Override
  public Instant now() {
    return memory.now();
  }

  @Override
  public Triggers triggers() {
    return triggers;
  }

  @Override
  public Sessions sessions() {
    return memory.sessions();
  }

  @Override
  public Jobs jobs() {
    return memory.jobs();
  }

  @Override
  public TestClaims claims() {
    return claims;
  }

  @Override
  public Holds holds() {
    return memory.holds();
  }

  @Override
  public History history() {
    return memory.history();
  }

  @Override
  public Requests requests() {
    return memory.requests();
  }

  @Override
  public Queues queues() {
    return memory.queues();
  }

  @Override
  public Checkpoints checkpoints() {
    return memory.checkpoints();
  }

  @Override
  public Optional<Transactions> transactions() {
    return transactions;
  }

  @Override
  public void afterCommit(Runnable action) {
    memory.afterCommit(action);
  }

  @Override
  public Wakeups wakeups() {
    return memory.wakeups();
  }

  @Override
  public String describe() {
    return "the memory of a test scheduler";
  }

  @Override
  public void close() {
    memory.close();
  }
}
