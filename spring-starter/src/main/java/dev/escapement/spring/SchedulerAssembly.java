package dev.escapement.spring;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.PayloadCodec;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerBuilder;
import dev.escapement.SchedulerClient;
import dev.escapement.TransitionListener;
import dev.escapement.store.Store;
import dev.escapement.testing.TestScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Puts a scheduler together from properties and beans. */
final class SchedulerAssembly implements SchedulerFactory, BeanFactoryAware, EnvironmentAware {

  private static final Logger LOG = LoggerFactory.getLogger(SchedulerAssembly.class);

  private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";
  private static final Duration STANDARD_PHASE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STANDARD_GRACE = Duration.ofSeconds(20);

  /** For what follows the grace: the interrupted runs, their outcomes, the session's end. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private static final boolean VIRTUAL_THREADS = Runtime.version().feature() >= 21;

  private @Nullable BeanFactory beans;
  private @Nullable Environment environment;

  @Override
  public void setBeanFactory(BeanFactory factory) {
    this.beans = factory;
  }

  @Override
  public void setEnvironment(Environment given) {
    this.environment = given;
  }

  @Override
  public Scheduler create(String name, Store store, SchedulerBuilderCustomizer customizer) {
    return new SpringScheduler(
        () -> client(store), () -> runsJobs() ? node(name, store, customizer) : null);
  }

  /** Neither where the application only enqueues nor where a test turns the clock. */
  private boolean runsJobs() {
    BeanFactory factory = Objects.requireNonNull(beans);
    return !factory.getBean(EscapementProperties.class).enqueueOnly()
        && factory.getBeanProvider(TestScheduler.class).getIfAvailable() == null;
  }

  /** What enqueues and looks, without a node. */
  SchedulerClient client(Store store) {
    BeanFactory factory = Objects.requireNonNull(beans);
    SchedulerBuilder builder = Scheduler.builder().store(store);
    tellOfPayloads(builder, factory);
    return builder.client();
  }

  private void tellOfPayloads(SchedulerBuilder builder, BeanFactory factory) {
    factory.getBeanProvider(PayloadCodec.class).ifAvailable(builder::codec);
    DataSize largest = factory.getBean(EscapementProperties.class).maxPayloadSize();
    if (largest != null) {
      // What no int holds is out of range all the same.
      int bytes = (int) Math.min(largest.toBytes(), Integer.MAX_VALUE);
      tell("max-payload-size", bytes, builder::maxPayloadBytes);
    }
    factory
        .getBeanProvider(EnqueueInterceptor.class)
        .orderedStream()
        .forEach(builder::enqueueInterceptor);
  }

  /** A node that isn't started. */
  private Scheduler node(String name, Store store, SchedulerBuilderCustomizer customizer) {
    BeanFactory factory = Objects.requireNonNull(beans);
    SchedulerBuilder builder = Scheduler.builder().store(decorated(store, factory));
    tell(builder, factory.getBean(EscapementProperties.class));
    tellOfPayloads(builder, factory);
    factory.getBeanProvider(TransitionListener.class).orderedStream().forEach(builder::listener);
    factory
        .getBeanProvider(ExecutionInterceptor.class)
        .orderedStream()
        .forEach(builder::interceptor);
    builder.jobs(factory.getBean(BeanJobs.class).of(name).toArray(Job<?>[]::new));
    factory
        .getBeanProvider(SchedulerBuilderCustomizer.class)
        .orderedStream()
        .forEach(each -> each.customize(builder));
    customizer.customize(builder);
    return builder.build();
  }

  private static Store decorated(Store store, BeanFactory factory) {
    Store decorated = store;
    for (StoreDecorator each :
        factory.getBeanProvider(StoreDecorator.class).orderedStream().toList()) {
      decorated = each.decorate(decorated);
    }
    return decorated;
  }

  private void tell(SchedulerBuilder builder, EscapementProperties said) {
    tell("node-name", said.nodeName(), builder::nodeName);
    tell("application-version", version(said), builder::applicationVersion);
    tell("heartbeat", said.heartbeat(), builder::heartbeat);
    tell("lease", said.lease(), builder::lease);
    tell("poll-interval", said.pollInterval(), builder::pollInterval);
    tell("stop-grace", grace(said.stopGrace()), builder::stopGrace);
    tell("quarantine-after", said.quarantineAfter(), builder::quarantineAfter);
    tell(
        "group-commit",
        said.groupCommit(),
        group -> builder.groupCommit(group.outcomes(), group.delay()));
    tell("history.retention", said.history().retention(), builder::historyRetention);
    tell("history.per-job", said.history().perJob(), builder::historyPerJob);
    if (said.waitForStore()) {
      builder.waitForStore();
    }
    tellOfWorkers(builder, said);
  }

  private void tellOfWorkers(SchedulerBuilder builder, EscapementProperties said) {
    List<String> queues = said.queues();
    if (!queues.isEmpty()) {
      tell("queues", queues.toArray(String[]::new), builder::queues);
    }
    tell("workers", said.workers(), builder::workers);
    said.workersOf()
        .forEach((queue, count) -> tell("workers-of", count, some -> builder.workers(queue, some)));
    said.sharedWorkers()
        .forEach(
            group ->
                tell("shared-workers", group, g -> builder.sharedWorkers(g.count(), g.weights())));
    tell("ageing", said.ageing(), builder::ageing);
    Boolean virtual = said.virtualThreads();
    if (virtual == null ? virtualThreadsElsewhere() : virtual) {
      requireVirtualThreads();
      builder.virtualThreads();
    }
  }

  private <T> void tell(String property, @Nullable T value, Consumer<T> setter) {
    PropertyOrigins.tell(environment(), "escapement." + property, value, setter);
  }

  private static void requireVirtualThreads() {
    if (!VIRTUAL_THREADS) {
      throw new InvalidDeclarationException(
          "escapement.virtual-threads is true, virtual threads need Java 21, and this is "
              + Runtime.version()
              + ". Leave the property away, or run on a newer JVM.");
    }
  }

  private @Nullable String version(EscapementProperties said) {
    return said.applicationVersion() != null
        ? said.applicationVersion()
        : environment().getProperty("spring.application.version");
  }

  /** Spring Boot too takes no notice of the property where the JVM has none. */
  private boolean virtualThreadsElsewhere() {
    return VIRTUAL_THREADS
        && environment().getProperty("spring.threads.virtual.enabled", Boolean.class, false);
  }

  private Duration grace(@Nullable Duration said) {
    Duration phase =
        environment().getProperty(PHASE_TIMEOUT, Duration.class, STANDARD_PHASE_TIMEOUT);
    if (said == null) {
      Duration longest = phase.minus(RESERVE);
      if (longest.compareTo(STANDARD_GRACE) >= 0) {
        return STANDARD_GRACE;
      }
      return longest.isNegative() ? Duration.ZERO : longest;
    }
    if (said.compareTo(phase) >= 0) {
      LOG.warn(
          "escapement.stop-grace is {}, and Spring waits only {} for it ({}): runs that take longer"
              + " may be cut off without their interrupt; make the grace shorter or the timeout"
              + " longer",
          said,
          phase,
          PHASE_TIMEOUT);
    }
    return said;
  }

  private Environment environment() {
    return Objects.requireNonNull(environment);
  }
}
