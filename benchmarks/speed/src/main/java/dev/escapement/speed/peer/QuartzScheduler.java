package dev.escapement.speed.peer;

import java.util.Properties;
import java.util.UUID;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreCMT;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Makes schedulers of Quartz, members of one cluster in one JVM. */
final class QuartzScheduler {

  /** What all members of the cluster are called. */
  static final String NAME = "speed";

  static final int THREADS = 30;

  /** One for each thread, and some for the scheduler itself, as its documents ask for. */
  static final int CONNECTIONS = THREADS + 3;

  /** How long it sleeps when nothing is due; it refuses less. */
  static final int IDLE_MILLIS = 1_000;

  private QuartzScheduler() {}

  /** Where connections come from. */
  @FunctionalInterface
  interface Connections extends ConnectionProvider {

    @Override
    default void initialize() {}

    @Override
    default void shutdown() {}
  }

  /** A member that has transactions of its own. */
  static Scheduler of(Tuning tuning, Connections connections) throws SchedulerException {
    Properties properties = properties(tuning);
    properties.put("org.quartz.jobStore.class", JobStoreTX.class.getName());
    properties.put("org.quartz.jobStore.dataSource", named(connections));
    return made(properties);
  }

  /**
   * One that works in transactions of others.
   *
   * @param callers gives the connections of those
   * @param own what else it needs
   */
  static Scheduler within(Tuning tuning, Connections callers, Connections own)
      throws SchedulerException {
    Properties properties = properties(tuning);
    properties.put("org.quartz.jobStore.class", JobStoreCMT.class.getName());
    properties.put("org.quartz.jobStore.dataSource", named(callers));
    properties.put("org.quartz.jobStore.nonManagedTXDataSource", named(own));
    return made(properties);
  }

  private static Properties properties(Tuning tuning) {
    Properties properties = new Properties();
    properties.put("org.quartz.scheduler.instanceName", NAME);
    properties.put("org.quartz.scheduler.instanceId", UUID.randomUUID().toString());
    properties.put("org.quartz.jobStore.driverDelegateClass", PostgreSQLDelegate.class.getName());
    properties.put("org.quartz.jobStore.isClustered", "true");
    properties.put("org.quartz.threadPool.threadCount", "10");
    if (tuning == Tuning.FASTEST) {
      String threads = Integer.toString(THREADS);
      properties.put("org.quartz.threadPool.threadCount", threads);
      properties.put("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", threads);
      properties.put("org.quartz.jobStore.acquireTriggersWithinLock", "true");
      properties.put("org.quartz.jobStore.lockOnInsert", "false");
      properties.put("org.quartz.scheduler.idleWaitTime", Integer.toString(IDLE_MILLIS));
    }
    return properties;
  }

  private static String named(Connections connections) {
    String name = UUID.randomUUID().toString();
    DBConnectionManager.getInstance().addConnectionProvider(name, connections);
    return name;
  }

  /** Its list of schedulers takes one of each name, so each is taken out of it at once. */
  private static synchronized Scheduler made(Properties properties) throws SchedulerException {
    Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
    SchedulerRepository.getInstance().remove(NAME);
    return scheduler;
  }
}
