package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Store;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node most of whose statements are done, and some of whose answers never arrive. */
final class LossyNodeTest {

  private static final int JOBS = 120;

  /** One in so many. */
  private static final int LOST = 7;

  private final Random chance = new Random(7);
  private final AtomicBoolean lossy = new AtomicBoolean();
  private final AtomicInteger lost = new AtomicInteger();

  /** Executes or commits, and then now and then says that the connection broke. */
  private DataSource lossy(TestDatabase database) {
    return Wrapped.source(
        () -> {
          boolean[] inTransaction = new boolean[1];
          return Wrapped.connection(
              database.source().getConnection(),
              (method, call) -> {
                if (method.getName().equals("setAutoCommit")) {
                  inTransaction[0] = true;
                }
                return answer(method, "commit", call, database);
              },
              (method, call) ->
                  inTransaction[0] ? call.proceed() : answer(method, "execute", call, database));
        });
  }

  private @Nullable Object answer(
      Method method, String name, Wrapped.Call call, TestDatabase database) throws Throwable {
    @Nullable Object answer = call.proceed();
    if (method.getName().equals(name) && lossy.get() && chance.nextInt(LOST) == 0) {
      lost.incrementAndGet();
      throw database.broken();
    }
    return answer;
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 100, unit = TimeUnit.SECONDS)
  void runsEachJobOnceAndLeavesNoneBehind(TestDatabase.Kind kind) throws Exception {
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    JobType<Integer> type = JobType.of("count", Integer.class);
    try (TestDatabase database = kind.open()) {
      Store other = database.store(database.source()).build();
      other.open();
      List<TriggerId> ids = new ArrayList<>();
      try (Scheduler client =
              Scheduler.builder()
                  .store(other)
                  .queues("none")
                  .jobs(Job.of(type, (n, c) -> {}))
                  .start();
          Scheduler node =
              Scheduler.builder()
                  .store(database.store(lossy(database)).build())
                  .heartbeat(Duration.ofMillis(300))
                  .lease(Duration.ofSeconds(10))
                  .pollInterval(Duration.ofMillis(100))
                  .workers(3)
                  .jobs(Job.of(type, (n, context) -> seen.add(n)))
                  .start()) {
        lossy.set(true);
        for (int i = 0; i < JOBS; i++) {
          ids.add(client.enqueue(type, i).id());
        }
        node.wakeUp();
        for (TriggerId id : ids) {
          assertThat(client.await(id, Duration.ofSeconds(60)).outcome())
              .isEqualTo(Outcome.SUCCEEDED);
        }
      }
      // How many there are to lose depends on how much goes into a batch.
      assertThat(lost).as("answers that were lost").hasValueGreaterThan(3);
      assertThat(seen).hasSize(JOBS).doesNotHaveDuplicates();
      for (TriggerId id : ids) {
        assertThat(other.history().of(id))
            .extracting(ExecutionRecord::outcome)
            .containsOnlyOnce(Outcome.SUCCEEDED)
            .allMatch(outcome -> outcome == Outcome.SUCCEEDED || outcome == Outcome.RELEASED);
      }
      assertThat(database.number("SELECT count(*) FROM escapement_trigger")).isZero();
    }
  }
}
