package dev.escapement.speed.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Priority;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.escapement.speed.measure.Pool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** db-scheduler, with either of the ways in which it polls. */
final class DbSchedulerPeer implements Peer {

  private static final TaskDescriptor<Task> TASK = TaskDescriptor.of("task", Task.class);
  private static final TaskDescriptor<Task> TICK = TaskDescriptor.of("tick", Task.class);

  /**
   * What its documents ask for, without the index that goes with priorities or the lack of them.
   */
  private static final String TABLE =
      """
      CREATE TABLE scheduled_tasks (
        task_name text, task_instance text, task_data bytea,
        execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
        last_success timestamptz, last_failure timestamptz, consecutive_failures int,
        last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
        PRIMARY KEY (task_name, task_instance));
      CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);
      """;

  private static final String BY_TIME =
      "CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks (execution_time)";
  private static final String BY_PRIORITY =
      "CREATE INDEX scheduled_tasks_priority ON scheduled_tasks"
          + " (priority DESC, execution_time ASC)";

  private static final List<Integer> PRIORITIES =
      List.of(Priority.LOW, Priority.MEDIUM, Priority.HIGH);

  private static final String FILL =
      """
      INSERT INTO scheduled_tasks
        (task_name, task_instance, task_data, execution_time, picked, version)
      SELECT ?, gen_random_uuid()::text, ?, ?::timestamptz + n * interval '1 millisecond', FALSE, 1
      FROM generate_series(1, ?) n
      """;

  private static final int BATCH = 1_000;

  /** Of the settings that its documents measure, these are the fastest, there and here. */
  private static final int THREADS = 100;

  private static final int CONNECTIONS = 30;
  private static final double LOWER = 2.0;
  private static final double UPPER = 6.0;
  private static final Duration POLL = Duration.ofMillis(100);

  private final boolean fetch;

  /**
   * @param fetch whether it fetches what is due and locks each row by itself before it runs it,
   *     rather than locking all that it fetches at once
   */
  DbSchedulerPeer(boolean fetch) {
    this.fetch = fetch;
  }

  @Override
  public String name() {
    return fetch ? "db-scheduler-fetch" : "db-scheduler";
  }

  @Override
  public String version() {
    return "%s, %s %s/%s, %d threads, %d connections, poll %d ms"
        .formatted(
            Versions.of(Scheduler.class, "com.github.kagkarlsson/db-scheduler"),
            fetch ? "fetch" : "lock-and-fetch",
            LOWER,
            UPPER,
            THREADS,
            CONNECTIONS,
            POLL.toMillis());
  }

  @Override
  public Set<Feature> lacks() {
    return Set.of();
  }

  @Override
  public int pace() {
    return fetch ? 3_500 : 9_000;
  }

  @Override
  public Fleet enter(Setup setup) throws SQLException {
    Pool pool = setup.database().pool(4);
    try (Connection connection = pool.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
      statement.execute(setup.prioritized() ? BY_PRIORITY : BY_TIME);
    }
    return new Table(setup, pool);
  }

  private final class Table implements Fleet {

    private final Setup setup;
    private final Pool pool;
    private final SchedulerClient client;
    private final SchedulerClient transactional;

    Table(Setup setup, Pool pool) {
      this.setup = setup;
      this.pool = pool;
      SchedulerClient.Builder builder = SchedulerClient.Builder.create(pool.source());
      this.client = (setup.prioritized() ? builder.enablePriority() : builder).build();
      this.transactional =
          SchedulerClient.Builder.create(CallersConnection.source())
              .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
              .build();
    }

    private SchedulableInstance<Task> at(TaskDescriptor<Task> descriptor, Instant due, int index) {
      return descriptor
          .instance(UUID.randomUUID().toString())
          .data(Task.at(due, setup.padding()))
          .priority(PRIORITIES.get(setup.step(index)))
          .scheduledTo(due);
    }

    @Override
    public void enqueue(List<Instant> dues) {
      enqueue(TASK, dues);
    }

    private void enqueue(TaskDescriptor<Task> descriptor, List<Instant> dues) {
      for (int from = 0; from < dues.size(); from += BATCH) {
        List<SchedulableInstance<?>> instances = new ArrayList<>();
        for (Instant due : dues.subList(from, Math.min(dues.size(), from + BATCH))) {
          instances.add(at(descriptor, due, instances.size()));
        }
        client.scheduleBatch(instances);
      }
    }

    @Override
    public void enqueueOne(Instant due) {
      client.scheduleIfNotExists(at(TASK, due, 0));
    }

    @Override
    public void enqueueIn(Connection connection, Instant due) throws Exception {
      CallersConnection.within(
          connection, () -> transactional.scheduleIfNotExists(at(TASK, due, 0)));
    }

    @Override
    public void recurring(List<Instant> firsts) {
      enqueue(TICK, firsts);
    }

    @Override
    public void fill(long rows, Instant due, @Nullable String job) throws SQLException {
      try (Connection connection = pool.source().getConnection();
          PreparedStatement insert = connection.prepareStatement(FILL)) {
        insert.setString(1, job == null ? TASK.getTaskName() : job);
        insert.setBytes(2, Serializer.DEFAULT_JAVA_SERIALIZER.serialize(new Task(0, "")));
        insert.setObject(3, due.atOffset(ZoneOffset.UTC));
        insert.setLong(4, rows);
        insert.executeUpdate();
      }
    }

    @Override
    public long left() throws SQLException {
      return setup
          .database()
          .count("SELECT count(*) FROM scheduled_tasks WHERE task_name <> 'tick'");
    }

    @Override
    public Replica start() {
      Pool own = setup.database().pool(setup.tuning() == Tuning.FASTEST ? CONNECTIONS : 10);
      Scheduler scheduler = scheduler(own);
      scheduler.start();
      return () -> {
        scheduler.stop();
        own.close();
      };
    }

    private Scheduler scheduler(Pool own) {
      Work work = setup.work();
      SchedulerBuilder builder =
          Scheduler.create(
                  own.source(),
                  Tasks.oneTime(TASK)
                      .onFailure(new FailureHandler.OnFailureRetryLater<>(Work.RETRY))
                      .execute(
                          (instance, context) ->
                              runOnce(work, instance.getData(), context.getExecution())),
                  Tasks.custom(TICK)
                      .execute(
                          (instance, context) -> {
                            run(work, Task.micros(context.getExecution().executionTime), false);
                            return DbSchedulerPeer::again;
                          }))
              .failureLogging(LogLevel.OFF, false)
              .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()));
      if (setup.prioritized()) {
        builder.enablePriority();
      }
      return (setup.tuning() == Tuning.FASTEST ? tuned(builder) : builder).build();
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  /** Not enableImmediateExecution: it wakes nobody but the scheduler that a job is enqueued by. */
  private SchedulerBuilder tuned(SchedulerBuilder builder) {
    builder.threads(THREADS).pollingInterval(POLL);
    return fetch
        ? builder.pollUsingFetch(LOWER, UPPER)
        : builder.pollUsingLockAndFetch(LOWER, UPPER);
  }

  /** Its own schedules count from the end of a run; this one from when it was due. */
  private static void again(ExecutionComplete complete, ExecutionOperations<Task> operations) {
    operations.reschedule(complete, complete.getExecution().executionTime.plusSeconds(1));
  }

  private static void runOnce(Work work, Task task, Execution execution) {
    boolean again = execution.consecutiveFailures > 0;
    run(work, again ? Task.micros(execution.executionTime) : task.due(), again);
  }

  private static void run(Work work, long due, boolean again) {
    try {
      work.run(due, again);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
