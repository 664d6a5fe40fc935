package dev.escapement.speed.peer;

import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Priority;
import dev.escapement.Recurrence;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.SchedulerClient;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.speed.measure.Pool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Escapement, with or without its history. */
final class EscapementPeer implements Peer {

  private static final JobType<Task> TASK = JobType.of("task", Task.class);
  private static final JobType<Task> TICK = JobType.of("tick", Task.class);

  private static final String FILL =
      """
      INSERT INTO escapement_trigger
        (id, version, fire_time, due, created_at, attempt, lost, kind, priority, state, hold, job,
         queue, missed, stale, request, payload)
      SELECT gen_random_uuid(), 0, due, due, now(), 0, 0, 0, 1, 1, 0, ?, 'default', 0, FALSE, 0,
             '{"due":0,"padding":""}'
      FROM (SELECT ?::timestamptz + n * interval '1 millisecond' AS due
            FROM generate_series(1, ?) n) times
      """;

  /** By its indexes, for there may be millions of others. */
  private static final String LEFT =
      """
      SELECT (SELECT count(*) FROM escapement_trigger WHERE state = 2)
             + (SELECT count(*)
                FROM escapement_trigger
                WHERE state = 1 AND hold = 0 AND queue = 'default' AND priority = ANY('{0,1,2}')
                  AND due <= now() AND job = 'task')
      """;

  private static final List<Priority> PRIORITIES =
      List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH);

  private static final int BATCH = 1_000;

  /** The default is enough for jobs that take no time. */
  private static final int WORKERS_FOR_LONGER = 50;

  private final boolean history;

  EscapementPeer(boolean history) {
    this.history = history;
  }

  @Override
  public String name() {
    return history ? "escapement" : "escapement-no-history";
  }

  @Override
  public String version() {
    return "this tree";
  }

  @Override
  public Set<Feature> lacks() {
    return Set.of();
  }

  @Override
  public int pace() {
    return 20_000;
  }

  @Override
  public Fleet enter(Setup setup) {
    return new Tables(setup);
  }

  private final class Tables implements Fleet {

    private final Setup setup;
    private final Pool pool;
    private final JdbcStore store;
    private final SchedulerClient client;

    Tables(Setup setup) {
      this.setup = setup;
      this.pool = setup.database().pool(4);
      this.store =
          JdbcStore.builder(pool.source())
              .migrate(SchemaPolicy.APPLY)
              .notifications(setup.database().unpooled())
              .build();
      store.open();
      this.client = Scheduler.builder().store(store).client();
    }

    @Override
    public void enqueue(List<Instant> dues) {
      for (int from = 0; from < dues.size(); from += BATCH) {
        List<JobRequest<Task>> requests = new ArrayList<>();
        for (Instant due : dues.subList(from, Math.min(dues.size(), from + BATCH))) {
          JobRequest<Task> request = TASK.with(Task.at(due, setup.padding())).at(due);
          requests.add(setup.prioritized() ? request.priority(priority(requests.size())) : request);
        }
        client.submitAll(requests);
      }
    }

    private Priority priority(int index) {
      return PRIORITIES.get(setup.step(index));
    }

    @Override
    public void enqueueOne(Instant due) {
      client.submit(TASK.with(Task.at(due, setup.padding())).at(due));
    }

    @Override
    public void enqueueIn(Connection connection, Instant due) {
      client.using(connection).submit(TASK.with(Task.at(due, setup.padding())).at(due));
    }

    @Override
    public void recurring(List<Instant> firsts) {
      List<Recurrence> recurrences = new ArrayList<>();
      for (Instant first : firsts) {
        recurrences.add(
            new Recurrence(
                TICK.with(Task.at(first, setup.padding())).key("tick-" + recurrences.size()),
                Schedules.every(Duration.ofSeconds(1)).from(first)));
      }
      client.recurring(recurrences);
    }

    @Override
    public void fill(long rows, Instant due, @Nullable String job) throws SQLException {
      try (Connection connection = pool.source().getConnection();
          PreparedStatement insert = connection.prepareStatement(FILL)) {
        insert.setString(1, job == null ? TASK.name() : job);
        insert.setObject(2, due.atOffset(ZoneOffset.UTC));
        insert.setLong(3, rows);
        insert.executeUpdate();
      }
    }

    @Override
    public long left() throws SQLException {
      return setup.database().count(LEFT);
    }

    @Override
    public Replica start() {
      Node node = new Node(setup, history ? KeepHistory.ALL : KeepHistory.FAILURES);
      node.start();
      return node;
    }

    @Override
    public void close() {
      store.close();
      pool.close();
    }
  }

  /** One replica: a pool of its own, a store of its own, and what Spring Boot's starter sets up. */
  private static final class Node implements Fleet.Replica {

    private static final int CONNECTIONS = 10;

    private final Pool pool;
    private final Pool control;
    private final JdbcStore store;
    private final Scheduler scheduler;

    Node(Setup setup, KeepHistory kept) {
      this.pool = setup.database().pool(CONNECTIONS);
      this.control = setup.database().pool(1);
      this.store =
          JdbcStore.builder(pool.source())
              .controlDataSource(control.source())
              .notifications(setup.database().unpooled())
              .build();
      Work work = setup.work();
      SchedulerBuilder builder =
          Scheduler.builder()
              .store(store)
              .jobs(
                  Job.of(TASK, (task, context) -> run(work, task, context))
                      .retry(Retry.fixed(Work.RETRY))
                      .keepHistory(kept),
                  Job.of(TICK, (task, context) -> work.run(Task.micros(context.due()), false))
                      .keepHistory(kept));
      if (setup.tuning() == Tuning.FASTEST && work.takesTime()) {
        builder.workers(WORKERS_FOR_LONGER);
      }
      this.scheduler = builder.build();
    }

    private static void run(Work work, Task task, JobContext context) throws InterruptedException {
      boolean again = context.attempt() > 1;
      work.run(again ? Task.micros(context.due()) : task.due(), again);
    }

    void start() {
      scheduler.start();
    }

    @Override
    public void close() {
      scheduler.close();
      store.close();
      control.close();
      pool.close();
    }
  }
}
