package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerState;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Rows of running triggers that a transaction of the application's holds: nobody else may have to
 * wait for them. Only for a store that takes part in transactions.
 */
abstract class HeldRowContract extends Contract {

  private final Supplier<Optional<DataSource>> application;
  private DataSource source;
  private Transactions transactions;

  HeldRowContract(Supplier<Store> newStore, Supplier<Optional<DataSource>> application) {
    super(newStore);
    this.application = application;
  }

  @BeforeEach
  void findTheApplication() {
    Optional<Transactions> there = store.transactions();
    assumeThat(there).as("this store takes part in transactions").isPresent();
    transactions = there.orElseThrow();
    source =
        application
            .get()
            .orElseThrow(() -> new AssertionError("applicationData() must say where the data is"));
  }

  private Connection begin() throws SQLException {
    Connection connection = source.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private List<Enqueued> enqueue(Connection connection, NewTrigger... triggers) {
    return transactions.enqueue(connection, List.of(triggers));
  }

  /** Locks the row of a running trigger: it is to run once more. */
  private void replace(Connection connection, String key) {
    Draft replacing = Draft.of(JOB).key(key).onConflict(OnConflict.REPLACE);
    assertThat(enqueue(connection, replacing.make()))
        .extracting(Enqueued::result)
        .containsExactly(Enqueued.Result.AGAIN);
  }

  @Test
  void delaysOnlyTheEndWhoseRowItHolds() throws SQLException {
    Node node = openNode();
    Claim before = claimed(node, Draft.of(JOB));
    Claim held = claimed(node, Draft.of(JOB).key("k"));
    Claim after = claimed(node, Draft.of(JOB));
    Claim lost = claimed(node, Draft.of(JOB));
    assertThat(end(lost, Outcome.SUCCEEDED, Next.REMOVE)).isTrue();
    List<Completion> all = Stream.of(before, held, after, lost).map(Contract::success).toList();
    try (Connection connection = begin()) {
      replace(connection, "k");
      Ended ended = store.claims().complete(all);
      assertThat(ended.written()).containsExactlyInAnyOrderElementsOf(ids(List.of(before, after)));
      assertThat(ended.busy()).containsExactly(held.guard().id());
      assertThat(row(held.guard().id()).state()).isEqualTo(TriggerState.RUNNING);
      assertThat(store.claims().complete(List.of(success(held))).busy()).hasSize(1);
      connection.commit();
    }
    Ended ended = store.claims().complete(List.of(success(held)));
    assertThat(ended.turned()).containsOnlyKeys(held.guard().id());
    assertThat(ended.busy()).isEmpty();
    assertThat(row(held.guard().id()).state()).isEqualTo(TriggerState.SCHEDULED);
    assertThat(execution(held.guard().id()).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void delaysNoEndOfOthersByReportsOfProgress() throws Exception {
    Node node = openNode();
    List<Claim> free = List.of(claimed(node, Draft.of(JOB)), claimed(node, Draft.of(JOB)));
    Claim held = claimed(node, Draft.of(JOB).key("k"));
    List<Claim> all = Stream.concat(free.stream(), Stream.of(held)).toList();
    ExecutorService reporter = Executors.newSingleThreadExecutor();
    try (Connection connection = begin()) {
      replace(connection, "k");
      Future<?> reporting = reporter.submit(() -> report(all));
      while (!reporting.isDone()
          && store.checkpoints().progress(free.get(0).guard().id()).isEmpty()) {
        Thread.onSpinWait();
      }
      reporting.get(5, TimeUnit.SECONDS);
      assertThat(free)
          .allSatisfy(
              claim ->
                  assertThat(store.checkpoints().progress(claim.guard().id()))
                      .hasValueSatisfying(said -> assertThat(said.done()).isEqualTo(1)));
      assertThat(store.claims().complete(free.stream().map(Contract::success).toList()).written())
          .hasSize(2);
      connection.rollback();
    } finally {
      reporter.shutdownNow();
    }
    assertThat(store.checkpoints().progress(held.guard().id())).isEmpty();
    report(List.of(held));
    assertThat(store.checkpoints().progress(held.guard().id())).isPresent();
  }

  private void report(List<Claim> claims) {
    store
        .checkpoints()
        .report(
            claims.stream()
                .map(claim -> new Checkpoints.Report(claim.guard(), claim.fireTime(), 1, 2, ""))
                .toList());
  }

  @Test
  void givesUpForAWhileToWaitForARowThatItHolds() throws SQLException {
    Claim held = claimed(openNode(), Draft.of(JOB).key("k"));
    try (Connection connection = begin()) {
      replace(connection, "k");
      long began = System.nanoTime();
      Ended ended = store.claims().completeInTurn(success(held));
      assertThat(ended.written()).isEmpty();
      assertThat(ended.busy()).containsExactly(held.guard().id());
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(2));
      connection.commit();
    }
    Ended ended = store.claims().completeInTurn(success(held));
    assertThat(ended.turned()).containsOnlyKeys(held.guard().id());
    assertThat(ended.busy()).isEmpty();
  }

  /** Debouncing: one transaction after the other asks for another run, as short as it may be. */
  @Test
  void delaysNoEndForEverByHoldingItsRowAgainAndAgain() throws Exception {
    Claim wanted = claimed(openNode(), Draft.of(JOB).key("k"));
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService others = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> holding = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        holding.add(
            others.submit(
                () -> {
                  while (!enough.get()) {
                    holdShortly("k");
                  }
                  return null;
                }));
      }
      Ended ended = Ended.NOTHING;
      for (int tries = 0; tries < 20 && ended.written().isEmpty(); tries++) {
        ended = store.claims().completeInTurn(success(wanted));
      }
      enough.set(true);
      for (Future<?> holder : holding) {
        holder.get(20, TimeUnit.SECONDS);
      }
      assertThat(ended.written()).containsExactly(wanted.guard().id());
    } finally {
      enough.set(true);
      others.shutdownNow();
    }
  }

  private void holdShortly(String key) throws SQLException {
    try (Connection connection = begin()) {
      enqueue(connection, Draft.of(JOB).key(key).onConflict(OnConflict.REPLACE).make());
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      connection.commit();
    }
  }

  @Test
  void delaysNoEndAfterItsRollback() throws SQLException {
    Claim held = claimed(openNode(), Draft.of(JOB).key("k"));
    try (Connection connection = begin()) {
      replace(connection, "k");
      assertThat(store.claims().complete(List.of(success(held))).written()).isEmpty();
      connection.rollback();
    }
    assertThat(store.claims().complete(List.of(success(held))).written()).hasSize(1);
    assertThat(isGone(held.guard().id())).isTrue();
  }

  @Test
  void delaysOnlyTheTakeoverWhoseRowItHolds() throws SQLException {
    Node stale = openNode();
    Claim held = claimed(stale, Draft.of(JOB).key("k"));
    Claim free = claimed(stale, Draft.of(JOB));
    stale.die();
    List<Completion> all =
        Stream.of(held, free)
            .map(claim -> completion(claim, Outcome.LOST, new Next.Recover()))
            .toList();
    try (Connection connection = begin()) {
      replace(connection, "k");
      assertThat(store.claims().takeOver(all).written()).containsExactly(free.guard().id());
      connection.commit();
    }
    assertThat(store.claims().takeOver(all).written()).containsExactly(held.guard().id());
  }
}
