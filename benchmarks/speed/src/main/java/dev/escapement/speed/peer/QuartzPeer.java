package dev.escapement.speed.peer;

import dev.escapement.speed.measure.Pool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

/** Quartz, clustered. */
final class QuartzPeer implements Peer {

  private static final String SCRIPT = "/org/quartz/impl/jdbcjobstore/tables_postgres.sql";

  private static final JobDetail TASK = job("task");
  private static final JobDetail TICK = job("tick");

  private static final String DUE = "due";
  private static final String PADDING = "padding";
  private static final String AGAIN = "again";

  private static final int BATCH = 1_000;

  private static JobDetail job(String name) {
    return JobBuilder.newJob(Running.class).withIdentity(name).storeDurably().build();
  }

  @Override
  public String name() {
    return "quartz";
  }

  @Override
  public String version() {
    return "%s, clustered, batches of %d, %d threads, %d connections, idle wait %d ms"
        .formatted(
            Versions.of(Scheduler.class, "org.quartz-scheduler/quartz"),
            QuartzScheduler.THREADS,
            QuartzScheduler.THREADS,
            QuartzScheduler.CONNECTIONS,
            QuartzScheduler.IDLE_MILLIS);
  }

  @Override
  public Set<Feature> lacks() {
    return Set.of();
  }

  @Override
  public int pace() {
    return 350;
  }

  @Override
  public Fleet enter(Setup setup) throws Exception {
    Pool pool = setup.database().pool(4);
    try (Connection connection = pool.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(script());
    }
    return new Tables(setup, pool);
  }

  private static String script() {
    try (InputStream file = Scheduler.class.getResourceAsStream(SCRIPT)) {
      return new String(
          Objects.requireNonNull(file, SCRIPT).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Does the work.
   *
   * @param work what to do
   */
  private record Running(Work work) implements Job {

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
      JobDataMap data = context.getTrigger().getJobDataMap();
      try {
        work.run(
            data.containsKey(DUE)
                ? data.getLong(DUE)
                : Task.micros(context.getScheduledFireTime().toInstant()),
            data.containsKey(AGAIN));
      } catch (Work.Failed e) {
        tryAgain(context);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new JobExecutionException(e);
      }
    }

    /** It doesn't try again after a while by itself: the job asks for it. */
    private static void tryAgain(JobExecutionContext context) throws JobExecutionException {
      Instant due = Instant.now().plus(Work.RETRY);
      JobDataMap data = new JobDataMap(context.getTrigger().getJobDataMap());
      data.put(DUE, Task.micros(due));
      data.put(AGAIN, true);
      try {
        context.getScheduler().scheduleJob(once(due, data, Trigger.DEFAULT_PRIORITY));
      } catch (SchedulerException e) {
        throw new JobExecutionException(e);
      }
    }
  }

  private static Trigger once(Instant due, JobDataMap data, int priority) {
    return TriggerBuilder.newTrigger()
        .withIdentity(UUID.randomUUID().toString())
        .forJob(TASK)
        .startAt(Date.from(due))
        .usingJobData(data)
        .withPriority(priority)
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
        .build();
  }

  private static final class Tables implements Fleet {

    private static final String FILL_JOB =
        """
        INSERT INTO qrtz_job_details
          (sched_name, job_name, job_group, job_class_name, is_durable, is_nonconcurrent,
           is_update_data, requests_recovery)
        VALUES (?, ?, ?, 'unknown.Job', TRUE, FALSE, FALSE, FALSE)
        """;

    private static final String FILL =
        """
        WITH filled AS (
          INSERT INTO qrtz_triggers
            (sched_name, trigger_name, trigger_group, job_name, job_group, next_fire_time,
             prev_fire_time, priority, trigger_state, trigger_type, start_time, end_time,
             misfire_instr, job_data)
          SELECT ?, gen_random_uuid(), ?, ?, ?, due, -1, 5, 'WAITING', 'SIMPLE', due, 0, -1, ?
          FROM (SELECT ?::bigint + n AS due FROM generate_series(1, ?) n) times
          RETURNING sched_name, trigger_name, trigger_group)
        INSERT INTO qrtz_simple_triggers
          (sched_name, trigger_name, trigger_group, repeat_count, repeat_interval, times_triggered)
        SELECT sched_name, trigger_name, trigger_group, 0, 0, 0 FROM filled
        """;

    private final Setup setup;
    private final Pool pool;
    private final Scheduler client;
    private final Scheduler transactional;

    Tables(Setup setup, Pool pool) throws SchedulerException {
      this.setup = setup;
      this.pool = pool;
      this.client = QuartzScheduler.of(setup.tuning(), pool.source()::getConnection);
      this.transactional =
          QuartzScheduler.within(
              setup.tuning(), CallersConnection::get, pool.source()::getConnection);
      client.addJob(TASK, true);
      client.addJob(TICK, true);
    }

    private Trigger eachSecond(Instant first) {
      return TriggerBuilder.newTrigger()
          .withIdentity(UUID.randomUUID().toString())
          .forJob(TICK)
          .startAt(Date.from(first))
          .withSchedule(
              SimpleScheduleBuilder.repeatSecondlyForever()
                  .withMisfireHandlingInstructionIgnoreMisfires())
          .build();
    }

    /** Its usual priority is 5, so they are 4, 5 and 6. */
    private Trigger once(Instant due, int index) {
      return QuartzPeer.once(due, data(due), Trigger.DEFAULT_PRIORITY - 1 + setup.step(index));
    }

    /** Its own times are whole milliseconds. */
    private JobDataMap data(Instant due) {
      return new JobDataMap(Map.of(DUE, Task.micros(due), PADDING, "x".repeat(setup.padding())));
    }

    @Override
    public void enqueue(List<Instant> dues) throws SchedulerException {
      enqueue(TASK, dues);
    }

    @Override
    public void recurring(List<Instant> firsts) throws SchedulerException {
      enqueue(TICK, firsts);
    }

    private void enqueue(JobDetail job, List<Instant> times) throws SchedulerException {
      for (int from = 0; from < times.size(); from += BATCH) {
        Set<Trigger> triggers = new HashSet<>();
        for (Instant time : times.subList(from, Math.min(times.size(), from + BATCH))) {
          triggers.add(job.equals(TASK) ? once(time, triggers.size()) : eachSecond(time));
        }
        client.scheduleJobs(Map.of(job, triggers), true);
      }
    }

    @Override
    public void enqueueOne(Instant due) throws SchedulerException {
      client.scheduleJob(once(due, 0));
    }

    @Override
    public void enqueueIn(Connection connection, Instant due) throws Exception {
      CallersConnection.within(connection, () -> transactional.scheduleJob(once(due, 0)));
    }

    @Override
    public void fill(long rows, Instant due, @Nullable String job) throws SQLException {
      try (Connection connection = pool.source().getConnection();
          PreparedStatement unknown = connection.prepareStatement(FILL_JOB);
          PreparedStatement insert = connection.prepareStatement(FILL)) {
        String name = job == null ? TASK.getKey().getName() : job;
        String group = TASK.getKey().getGroup();
        if (job != null) {
          unknown.setString(1, QuartzScheduler.NAME);
          unknown.setString(2, name);
          unknown.setString(3, group);
          unknown.executeUpdate();
        }
        insert.setString(1, QuartzScheduler.NAME);
        insert.setString(2, group);
        insert.setString(3, name);
        insert.setString(4, group);
        insert.setBytes(5, serialized(new JobDataMap(Map.of(DUE, 0L, PADDING, ""))));
        insert.setLong(6, due.toEpochMilli());
        insert.setLong(7, rows);
        insert.executeUpdate();
      }
    }

    private static byte[] serialized(JobDataMap data) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(data);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    @Override
    public long left() throws SQLException {
      return setup.database().count("SELECT count(*) FROM qrtz_triggers WHERE job_name <> 'tick'");
    }

    @Override
    public Replica start() throws SchedulerException {
      Pool own =
          setup
              .database()
              .pool(setup.tuning() == Tuning.FASTEST ? QuartzScheduler.CONNECTIONS : 10);
      Scheduler scheduler = QuartzScheduler.of(setup.tuning(), own.source()::getConnection);
      Job job = new Running(setup.work());
      scheduler.setJobFactory((bundle, of) -> job);
      scheduler.start();
      return () -> {
        scheduler.shutdown(true);
        own.close();
      };
    }

    @Override
    public void close() throws SchedulerException {
      transactional.shutdown();
      client.shutdown();
      pool.close();
    }
  }
}
