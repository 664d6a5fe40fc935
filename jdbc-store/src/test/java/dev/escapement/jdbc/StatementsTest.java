package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.TriggerKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often PostgreSQL is asked: once, and each time that is its own transaction. */
final class StatementsTest {

  private final TestPostgres postgres = new TestPostgres();
  private final AtomicInteger statements = new AtomicInteger();
  private final AtomicInteger transactions = new AtomicInteger();
  private Connection connection;
  private Movement node;

  @BeforeEach
  void connect() throws SQLException {
    connection = TestPostgres.dataSource().getConnection();
    Wrapped.Around ofConnection =
        (method, call) -> {
          if (method.getName().equals("commit")) {
            transactions.incrementAndGet();
          }
          return method.getName().equals("close") ? null : call.proceed();
        };
    Wrapped.Around ofStatement =
        (method, call) -> {
          if (method.getName().startsWith("execute")) {
            statements.incrementAndGet();
          }
          return call.proceed();
        };
    node =
        Movement.on(
            postgres
                .store(
                    Wrapped.source(() -> Wrapped.connection(connection, ofConnection, ofStatement)))
                .build());
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
    postgres.close();
  }

  private <T> T once(Callable<T> step) throws Exception {
    statements.set(0);
    transactions.set(0);
    T result = step.call();
    assertThat(List.of(statements.get(), transactions.get())).containsExactly(1, 0);
    return result;
  }

  private Enqueued enqueue(@Nullable String key, OnConflict policy) {
    NewTrigger trigger =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.ONE_TIME,
            Movement.JOB,
            key,
            Placement.OF_JOB,
            Due.now(),
            null,
            new byte[0],
            policy);
    return node.store().triggers().enqueue(List.of(trigger)).get(0);
  }

  @Test
  void anEnqueueIsOneStatement() throws Exception {
    assertThat(once(() -> enqueue(null, OnConflict.KEEP)).created()).isTrue();
    for (OnConflict policy : OnConflict.values()) {
      assertThat(once(() -> enqueue(policy.name(), policy)).created()).isTrue();
    }
    assertThat(once(() -> enqueue("FAIL", OnConflict.REPLACE)).result())
        .isEqualTo(Enqueued.Result.REPLACED);
    assertThat(once(() -> enqueue("FAIL", OnConflict.RESCHEDULE)).result())
        .isEqualTo(Enqueued.Result.RESCHEDULED);
    once(
        () ->
            node.store()
                .triggers()
                .enqueue(List.of(Movement.trigger(Due.now()), Movement.trigger(Due.now()))));
  }

  @Test
  void aRequestIsOneStatementAndSoIsTheEndThatHonoursIt() throws Exception {
    List<Request> requests =
        List.of(
            new Request.Cancel(),
            new Request.Pause(),
            new Request.Resume(),
            new Request.Reschedule(Due.now()),
            new Request.RunNow());
    for (Request request : requests) {
      List<TriggerId> waiting = List.of(node.enqueue());
      once(() -> node.store().requests().put(waiting, request));
      node.store().requests().put(waiting, new Request.Cancel());
      node.enqueue();
      List<Claim> claims = once(() -> node.claim(10));
      List<TriggerId> running = claims.stream().map(claim -> claim.guard().id()).toList();
      once(() -> node.store().requests().put(running, request));
      once(() -> node.store().requests().of(node.session()));
      Ending ending = new Ending(Outcome.FAILED, null, null, null, false, null, true);
      Completion end = new Completion(claims.get(0).guard(), ending, new Next.Retry(Due.now()));
      assertThat(once(() -> node.store().claims().complete(List.of(end))).written()).hasSize(1);
      node.store().requests().put(running, new Request.Cancel());
    }
  }
}
