package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.store.SessionRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

/** The scheduler lives as long as its context does. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LifeTest {

  private static final JobType<Void> WORK = JobType.of("work");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  private ConfigurableApplicationContext run(Class<?> configuration, String... properties) {
    String[] all = Arrays.copyOf(properties, properties.length + 2);
    all[properties.length] = "spring.datasource.url=" + url;
    all[properties.length + 1] = Applications.WITHOUT_JPA;
    return Applications.run(configuration, all);
  }

  /** What is in the database, whoever lives. */
  private JdbcStore store() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url);
    source.setUser("sa");
    return JdbcStore.of(source);
  }

  private SchedulerClient outside() {
    return SchedulerClient.of(store());
  }

  /** Enqueues when it is made, counts what is run, enqueues when it is destroyed. */
  static class Orders implements InitializingBean, SmartInitializingSingleton, DisposableBean {
    final SchedulerClient client;
    final CountDownLatch done = new CountDownLatch(1);
    @Nullable TriggerId first;
    @Nullable TriggerId last;
    long sessionsBefore = -1;

    Orders(SchedulerClient client) {
      this.client = client;
    }

    @Override
    public void afterPropertiesSet() {
      first = client.enqueue(WORK).id();
    }

    @Override
    public void afterSingletonsInstantiated() {
      sessionsBefore = ((Scheduler) client).stats().sessions();
    }

    @Override
    public void destroy() {
      last = client.enqueue(WORK).id();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Ordering {
    @Bean
    Orders orders(SchedulerClient client) {
      return new Orders(client);
    }

    @Bean
    Job<Void> work(Orders orders) {
      return Job.of(WORK, run -> orders.done.countDown());
    }
  }

  @Test
  void aBeanMayEnqueueWhileItIsMadeAndWhileItIsDestroyed() throws Exception {
    Orders orders;
    try (ConfigurableApplicationContext context = run(Ordering.class)) {
      orders = context.getBean(Orders.class);
      assertThat(orders.sessionsBefore).as("it starts when all beans are there").isZero();
      assertThat(orders.done.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(context.getBean(Scheduler.class).stats().sessions()).isOne();
    }
    assertThat(outside().executions().of(Objects.requireNonNull(orders.first))).hasSize(1);
    assertThat(outside().triggers().find(Objects.requireNonNull(orders.last))).isPresent();
    Awaiting.untilNoThreadIsLeft();
  }

  @Test
  void itStartsAlsoWhereBeansAreMadeLazily() throws Exception {
    try (ConfigurableApplicationContext context =
        run(Ordering.class, "spring.main.lazy-initialization=true")) {
      outside().enqueue(WORK);
      assertThat(context.getBean(Orders.class).done.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A job that ends when another bean of the phase is stopped. */
  @Configuration(proxyBeanMethods = false)
  static class Draining {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch drained = new CountDownLatch(1);

    @Bean
    Job<Void> work() {
      return Job.of(
          WORK,
          run -> {
            started.countDown();
            assertThat(drained.await(60, TimeUnit.SECONDS)).isTrue();
          });
    }

    /** A singleton without a definition comes after those with one. */
    @Bean
    static BeanFactoryPostProcessor definingLast() {
      return beans ->
          beans.registerSingleton(
              "last",
              new Member(
                  SpringScheduler.PHASE,
                  () -> {},
                  () -> beans.getBean(Draining.class).drained.countDown()));
    }
  }

  /** One of the beans that a context starts and stops. */
  static final class Member implements SmartLifecycle {
    private final int phase;
    private final Runnable atStart;
    private final Runnable atStop;
    private boolean running;

    Member(int phase, Runnable atStart, Runnable atStop) {
      this.phase = phase;
      this.atStart = atStart;
      this.atStop = atStop;
    }

    @Override
    public void start() {
      atStart.run();
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      atStop.run();
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return phase;
    }
  }

  private Execution outcome(TriggerId id) {
    return outside().executions().of(id).get(0);
  }

  @Test
  void whatRunsIsFinishedWithTheOthersOfThePhaseAndWritten() throws Exception {
    TriggerId id;
    try (ConfigurableApplicationContext context = run(Draining.class)) {
      id = context.getBean(Scheduler.class).enqueue(WORK).id();
      assertThat(context.getBean(Draining.class).started.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(outcome(id).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  /** A job that ends when it is interrupted. */
  @Configuration(proxyBeanMethods = false)
  static class Endless {
    final CountDownLatch started = new CountDownLatch(1);
    final AtomicBoolean inTime = new AtomicBoolean();

    @Bean
    Job<Void> work() {
      return Job.of(
          WORK,
          run -> {
            started.countDown();
            new CountDownLatch(1).await();
          });
    }

    /** Stopped after the scheduler, or when Spring has lost its patience with it. */
    @Bean
    Member next(BeanFactory beans) {
      return new Member(
          SpringScheduler.PHASE - 1,
          () -> {},
          () -> inTime.set(!beans.getBean(SpringScheduler.class).isRunning()));
    }
  }

  @Test
  void theGraceEndsBeforeSpringsPatience() throws Exception {
    TriggerId id;
    Endless endless;
    try (ConfigurableApplicationContext context =
        run(Endless.class, "spring.lifecycle.timeout-per-shutdown-phase=5200ms")) {
      id = context.getBean(Scheduler.class).enqueue(WORK).id();
      endless = context.getBean(Endless.class);
      assertThat(endless.started.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(endless.inTime).isTrue();
    assertThat(outcome(id).outcome()).isEqualTo(Outcome.RELEASED);
    assertThat(outside().triggers().find(id)).isPresent();
  }

  @Test
  void aContextThatStartsAgainHasANewNode() throws Exception {
    try (ConfigurableApplicationContext context = run(Ordering.class)) {
      Scheduler scheduler = context.getBean(Scheduler.class);
      scheduler.await(scheduler.enqueue(WORK).id(), PATIENCE);
      rest(context, "pause", context::stop);
      Awaiting.untilNoThreadIsLeft();
      TriggerId meanwhile = scheduler.enqueue(WORK).id();
      assertThat(scheduler.triggers().find(meanwhile)).isPresent();

      rest(context, "restart", context::start);

      assertThat(scheduler.await(meanwhile, PATIENCE).outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(scheduler.stats().claimed()).isOne();
    }
    Awaiting.untilNoThreadIsLeft();
  }

  /** Newer contexts can pause. */
  private static void rest(ConfigurableApplicationContext context, String name, Runnable otherwise)
      throws ReflectiveOperationException {
    for (var method : ConfigurableApplicationContext.class.getMethods()) {
      if (method.getName().equals(name)) {
        method.invoke(context);
        return;
      }
    }
    otherwise.run();
  }

  @Configuration(proxyBeanMethods = false)
  static class FailingAfterIt {
    @Bean
    Member late() {
      return new Member(SpringScheduler.PHASE + 1, FailingAfterIt::fail, () -> {});
    }

    private static void fail() {
      assertThat(Awaiting.threads()).as("it has started").isNotEmpty();
      throw new IllegalStateException("late");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class FailingWhenRefreshed {
    @Bean
    ApplicationListener<ContextRefreshedEvent> late() {
      return event -> FailingAfterIt.fail();
    }
  }

  @Test
  void aContextThatFailsLateLeavesNoThreadAndNoSession() {
    for (Class<?> failing : List.of(FailingAfterIt.class, FailingWhenRefreshed.class)) {
      assertThatThrownBy(() -> run(failing)).hasStackTraceContaining("late");

      Awaiting.untilNoThreadIsLeft();
      assertThat(store().sessions().all()).isNotEmpty().noneMatch(SessionRecord::live);
    }
  }
}
