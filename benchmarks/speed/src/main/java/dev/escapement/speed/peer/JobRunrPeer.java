package dev.escapement.speed.peer;

import dev.escapement.speed.measure.Pool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jobrunr.jobs.Job;
import org.jobrunr.jobs.JobDetails;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.jobs.states.EnqueuedState;
import org.jobrunr.jobs.states.ScheduledState;
import org.jobrunr.scheduling.JobBuilder;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.server.runner.ThreadLocalJobContext;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** JobRunr, what is free of it: the caller's transaction is for those who pay. */
final class JobRunrPeer implements Peer {

  private static final int WORKERS = 32;
  private static final int CONNECTIONS = 20;

  /** It refuses less. */
  private static final int POLL_SECONDS = 5;

  @Override
  public String name() {
    return "jobrunr";
  }

  @Override
  public String version() {
    return "%s, %d workers, %d connections, poll %d s"
        .formatted(
            Versions.of(BackgroundJobServer.class, "org.jobrunr/jobrunr"),
            WORKERS,
            CONNECTIONS,
            POLL_SECONDS);
  }

  /**
   * Of recurring jobs it takes a hundred or so, and each at most once in five seconds; priorities
   * are for those who pay.
   */
  @Override
  public Set<Feature> lacks() {
    return Set.of(Feature.TRANSACTION, Feature.RECURRING, Feature.PRIORITIES);
  }

  @Override
  public int pace() {
    return 4_000;
  }

  @Override
  public Fleet enter(Setup setup) {
    return new Tables(setup);
  }

  /**
   * A job and its payload, as it likes to be told them.
   *
   * @param due microseconds since 1970
   * @param padding makes it as long as a scenario wants
   */
  record Request(long due, String padding) implements JobRequest {

    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /** Runs a job. Public for JobRunr, which calls it by reflection. */
  public static final class Handler implements JobRequestHandler<Request> {

    /**
     * Its own way is to wait for 3 s after the first failure; counted from when the job was due.
     */
    private static final long FIRST_RETRY_MICROS = TimeUnit.SECONDS.toMicros(3);

    private final Work work;

    Handler(Work work) {
      this.work = work;
    }

    @Override
    public void run(Request request) throws InterruptedException {
      boolean again = ThreadLocalJobContext.getJobContext().currentRetry() > 0;
      work.run(again ? request.due() + FIRST_RETRY_MICROS : request.due(), again);
    }
  }

  private static JsonMapper json() {
    return new Jackson3JsonMapper(
        BasicPolymorphicTypeValidator.builder().allowIfSubType(Request.class));
  }

  private static StorageProvider storage(Pool pool, DatabaseOptions options) {
    StorageProvider storage = new PostgresStorageProvider(pool.source(), options);
    storage.setJobMapper(new JobMapper(json()));
    return storage;
  }

  private static final class Tables implements Fleet {

    private static final String FILL =
        """
        INSERT INTO jobrunr_jobs
          (id, version, jobasjson, jobsignature, state, createdat, updatedat, scheduledat)
        SELECT id, 1, replace(?, ?, id), ?, ?, due, due, CASE WHEN ? THEN due END
        FROM (SELECT gen_random_uuid()::text AS id,
                     ?::timestamp + n * interval '1 millisecond' AS due
              FROM generate_series(1, ?) n) jobs
        """;

    /** The version of a job that is stored for the first time; it has it in two places. */
    private static final int STORED = 1;

    private final Setup setup;
    private final Pool pool;
    private final StorageProvider storage;
    private final JobRequestScheduler scheduler;

    Tables(Setup setup) {
      this.setup = setup;
      this.pool = setup.database().pool(4);
      this.storage = storage(pool, DatabaseOptions.CREATE);
      this.scheduler = new JobRequestScheduler(storage);
    }

    private Request request(Instant due) {
      return new Request(Task.micros(due), "x".repeat(setup.padding()));
    }

    private JobBuilder job(Instant due, Instant now) {
      JobBuilder job = JobBuilder.aJob().withJobRequest(request(due));
      return due.isAfter(now) ? job.scheduleAt(due) : job;
    }

    @Override
    public void enqueue(List<Instant> dues) {
      Instant now = Instant.now();
      scheduler.create(dues.stream().map(due -> job(due, now)));
    }

    @Override
    public void enqueueOne(Instant due) {
      if (due.isAfter(Instant.now())) {
        scheduler.schedule(due, request(due));
      } else {
        scheduler.enqueue(request(due));
      }
    }

    @Override
    public void fill(long rows, Instant due, @Nullable String job) throws SQLException {
      boolean scheduled = due.isAfter(Instant.now());
      Job sample =
          new Job(
              UUID.randomUUID(),
              STORED,
              new JobDetails(new Request(0, "")),
              List.of(scheduled ? new ScheduledState(due) : new EnqueuedState()),
              new ConcurrentHashMap<>());
      String signature = sample.getJobSignature();
      String text = new JobMapper(json()).serializeJob(sample);
      if (job != null) {
        signature = signature.replace(Handler.class.getName(), job);
        text = text.replace(Handler.class.getName(), job);
      }
      try (Connection connection = pool.source().getConnection();
          PreparedStatement insert = connection.prepareStatement(FILL)) {
        insert.setString(1, text);
        insert.setString(2, sample.getId().toString());
        insert.setString(3, signature);
        insert.setString(4, sample.getState().name());
        insert.setBoolean(5, scheduled);
        insert.setObject(6, due.atOffset(ZoneOffset.UTC).toLocalDateTime());
        insert.setLong(7, rows);
        insert.executeUpdate();
      }
    }

    @Override
    public long left() throws SQLException {
      return setup.database().count("SELECT count(*) FROM jobrunr_jobs WHERE state <> 'SUCCEEDED'");
    }

    @Override
    public Replica start() {
      boolean fastest = setup.tuning() == Tuning.FASTEST;
      BackgroundJobServerConfiguration configuration =
          BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
              .andName(UUID.randomUUID().toString());
      if (fastest) {
        configuration.andWorkerCount(WORKERS).andPollIntervalInSeconds(POLL_SECONDS);
      }
      Pool own = setup.database().pool(fastest ? CONNECTIONS : 10);
      StorageProvider storage = storage(own, DatabaseOptions.SKIP_CREATE);
      BackgroundJobServer server =
          new BackgroundJobServer(
              storage, json(), new Activator(new Handler(setup.work())), configuration);
      server.start();
      return () -> {
        server.stop();
        storage.close();
        own.close();
      };
    }

    @Override
    public void close() {
      storage.close();
      pool.close();
    }
  }

  /** Knows the one handler. */
  private record Activator(Handler handler) implements JobActivator {

    @Override
    public <T> @Nullable T activateJob(Class<T> type) {
      return type.isInstance(handler) ? type.cast(handler) : null;
    }
  }
}
