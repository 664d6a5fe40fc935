package dev.escapement.spring;

import dev.escapement.SchedulerBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What {@code escapement.*} says. What it doesn't say is as the {@link SchedulerBuilder} and the
 * store have it, where each default stands with its reason.
 *
 * @param enabled whether there is a scheduler at all
 * @param enqueueOnly whether this process enqueues, looks and decides, but runs no jobs
 * @param store where the state lives. Default: in the application's database; without a DataSource
 *     in its Redis, if escapement-redis-store is there too; without either the start fails
 * @param adoptScheduled whether the application's own {@code @Scheduled} methods are fired by one
 *     replica instead of by each. A cron expression without a zone is in that of the JVM; an
 *     initial delay counts once, from the first time that any replica declares the job
 * @param adoptScheduledExcept beans whose {@code @Scheduled} methods stay local, by bean name, or
 *     single methods, as bean-name.method
 * @param nodeName the node's name, for people. Default: process id and host name
 * @param applicationVersion the application's version, for people. Default:
 *     spring.application.version
 * @param heartbeat between two heartbeats. Default 5s
 * @param lease how long a session is trusted without a heartbeat, at least four of them. Default
 *     20s
 * @param pollInterval the longest sleep between two looks for due triggers. Default 1s
 * @param stopGrace how long a stopping node waits for what runs before it interrupts. Default 20s,
 *     or 5s less than spring.lifecycle.timeout-per-shutdown-phase if that is shorter
 * @param waitForStore whether the application starts although the store can't be reached. Default:
 *     false
 * @param quarantineAfter how many nodes may die while they run one trigger. Default 3
 * @param groupCommit which outcomes share a commit
 * @param maxPayloadSize the largest payload. Default 64KB
 * @param queues the queues that this node serves, and no others. Default: all that its jobs name
 * @param workers how many jobs of each queue run at once. Default 10
 * @param workersOf how many jobs of single queues run at once, by queue
 * @param sharedWorkers groups of queues that share workers
 * @param ageing how long a trigger waits behind higher priorities before it gets a turn. Default 1m
 * @param virtualThreads whether each job runs on a virtual thread. Default:
 *     spring.threads.virtual.enabled
 * @param history what is kept of ended attempts
 * @param jdbc the store in a database
 * @param redis the store in Redis
 * @param health what the health indicator makes of it
 * @param jobs single jobs by name, where they are to be otherwise than the code says
 */
@ConfigurationProperties(prefix = "escapement", ignoreUnknownFields = false)
public record EscapementProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("false") boolean enqueueOnly,
    @Nullable StoreKind store,
    @DefaultValue("false") boolean adoptScheduled,
    @DefaultValue List<String> adoptScheduledExcept,
    @Nullable String nodeName,
    @Nullable String applicationVersion,
    @Nullable Duration heartbeat,
    @Nullable Duration lease,
    @Nullable Duration pollInterval,
    @Nullable Duration stopGrace,
    @DefaultValue("false") boolean waitForStore,
    @Nullable Integer quarantineAfter,
    @DefaultValue GroupCommit groupCommit,
    @Nullable DataSize maxPayloadSize,
    @DefaultValue List<String> queues,
    @Nullable Integer workers,
    @DefaultValue Map<String, Integer> workersOf,
    @DefaultValue List<SharedWorkers> sharedWorkers,
    @Nullable Duration ageing,
    @Nullable Boolean virtualThreads,
    @DefaultValue History history,
    @DefaultValue Jdbc jdbc,
    @DefaultValue Redis redis,
    @DefaultValue Health health,
    @DefaultValue Map<String, JobProperties> jobs) {

  /** Where the state lives. */
  public enum StoreKind {
    /** In the application's database. */
    JDBC,
    /** In the Redis that Spring has a connection to, by escapement-redis-store. */
    REDIS,
    /** In this process, gone when it ends, and seen by no other: for trials and tests. */
    MEMORY
  }

  /**
   * Queues that share workers.
   *
   * @param count how many jobs they may run at once, together
   * @param weights the weight of each queue
   */
  public record SharedWorkers(int count, Map<String, Integer> weights) {}

  /**
   * Which outcomes share a commit, while other jobs run.
   *
   * @param outcomes how many don't wait any longer, 1 to 500. Default 500
   * @param delay how long the first of them waits at most, up to 20ms. Default 5ms
   */
  public record GroupCommit(
      @DefaultValue("500") int outcomes, @DefaultValue("5ms") Duration delay) {}

  /**
   * What is kept of ended attempts.
   *
   * @param retention how long. Default 14d
   * @param perJob how many of each job. Default: all
   */
  public record History(@Nullable Duration retention, @Nullable Integer perJob) {}

  /**
   * The store in a database.
   *
   * @param dataSource the name of the DataSource's bean, if there are several
   * @param transactionManager the name of the transaction manager's bean, if there are several
   * @param migrate whether the tables are made and migrated when the application starts. Default:
   *     on an H2 they are; elsewhere they must be there, and an error names the files to run
   * @param schema the schema of the tables. Default: where the connection's search path leads
   * @param tablePrefix what the names of the tables begin with. Default {@code escapement_}
   * @param timeout how long a statement may take. Default 10s
   * @param controlConnection whether heartbeats have a connection of their own, beside the pool, so
   *     that they go on when it is exhausted. Default: on PostgreSQL they do
   * @param notifications whether nodes wake each other with LISTEN and NOTIFY, with a connection of
   *     their own. Default: on PostgreSQL they do
   * @param historyPartition how much time a partition of the history holds. PostgreSQL only.
   *     Default: the history is one table
   */
  public record Jdbc(
      @Nullable String dataSource,
      @Nullable String transactionManager,
      @DefaultValue("EMBEDDED") Migrate migrate,
      @Nullable String schema,
      @Nullable String tablePrefix,
      @Nullable Duration timeout,
      @Nullable Boolean controlConnection,
      @Nullable Boolean notifications,
      @Nullable Duration historyPartition) {}

  /**
   * The store in Redis.
   *
   * @param prefix what all keys begin with, within braces: 1 to 40 letters, digits, '_', '.' or
   *     '-'. Default {@code escapement}
   * @param timeout how long a call may take, whatever spring.data.redis.timeout says. Default 5s
   * @param history how many executions to keep at most, 1 to 10 million. Default 100,000
   * @param evenIfItEvicts whether a Redis will do that evicts keys when its memory is full.
   *     Default: false
   */
  public record Redis(
      @Nullable String prefix,
      @Nullable Duration timeout,
      @Nullable Integer history,
      @Nullable Boolean evenIfItEvicts) {}

  /**
   * What the health indicator makes of it. A store that doesn't answer is always DOWN.
   *
   * @param lagThreshold the scheduler is degraded when a trigger of a queue in service has been due
   *     for longer. Default: lag never matters
   * @param degradedStatus the status of a scheduler that is degraded, or whose session isn't
   *     trusted: DOWN, OUT_OF_SERVICE, UP, or a code of your own, such as DEGRADED, that
   *     management.endpoint.health.status.order and .http-mapping may name. Default OUT_OF_SERVICE
   */
  public record Health(
      @Nullable Duration lagThreshold, @DefaultValue("OUT_OF_SERVICE") String degradedStatus) {}

  /** Whether the tables are made and migrated when the application starts. */
  public enum Migrate {
    /** On an H2; elsewhere they are only checked. */
    EMBEDDED,
    /** On any database. */
    ALWAYS,
    /** They are only checked. */
    NEVER
  }
}
