package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.Job;
import dev.escapement.Outcome;
import dev.escapement.SchedulerClient;
import dev.escapement.elsewhere.LibraryCache;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Which {@code @Scheduled} methods become jobs, when these fire, and who fires the rest. */
@Timeout(120)
class ScheduledAdoptionTest {

  private static final CountDownLatch IN_A_TRANSACTION = new CountDownLatch(2);

  private static ConfigurableApplicationContext context;

  @BeforeAll
  static void start() {
    context =
        Applications.run(
            List.of(Application.class, Scheduling.class),
            "escapement.adopt-scheduled=true",
            "escapement.adopt-scheduled-except=local,times.kept",
            "escapement.jobs[times.overridden].cron=0 0 5 * * *",
            "some.delay=90",
            "some.cron=-");
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  abstract static class Base {
    @SuppressWarnings("UnusedMethod")
    @Scheduled(fixedRate = 1, timeUnit = TimeUnit.HOURS)
    private void same() {}
  }

  static class Times extends Base {
    @Scheduled(cron = "0 0 2 * * MON", zone = "Europe/Zurich")
    void zoned() {}

    @Scheduled(cron = "@daily")
    void local() {}

    @Scheduled(cron = "${some.cron}")
    void off() {}

    @Scheduled(fixedDelayString = "${some.delay}", timeUnit = TimeUnit.SECONDS)
    void delayed() {}

    @Scheduled(fixedRateString = "PT1H", initialDelay = 60_000)
    void late() {}

    @Scheduled(fixedRate = 60_000)
    @Scheduled(cron = "0 0 3 * * *", zone = "UTC")
    void twice() {}

    @Scheduled(cron = "0 0 4 * * *")
    void overridden() {}

    @SuppressWarnings("UnusedMethod")
    @Scheduled(cron = "0 0 2 * * *", zone = "UTC")
    private void same() {}

    @JobName("${no.such:named}")
    @Scheduled(fixedRate = 3_600_000)
    int renamed() {
      return 1;
    }

    @EveryNode
    @Scheduled(fixedRate = 3_600_000, initialDelay = 3_600_000)
    void everywhere() {}

    @Scheduled(fixedRate = 3_600_000, initialDelay = 3_600_000)
    void kept() {}

    @Scheduled(initialDelay = 3_600_000)
    void once() {}
  }

  static class Local {
    @Scheduled(fixedRate = 3_600_000, initialDelay = 3_600_000)
    void named() {}
  }

  static class Many {
    @Scheduled(fixedRate = 3_600_000, initialDelay = 3_600_000)
    void perInstance() {}
  }

  static class Advised {
    @Scheduled(fixedDelay = 1_000)
    @Transactional
    void run() {
      if (TransactionSynchronizationManager.isActualTransactionActive()) {
        IN_A_TRANSACTION.countDown();
      }
    }
  }

  /** Not CompletableFuture: beside Reactor, Spring itself refuses that. */
  static class Later {
    @Scheduled(fixedDelay = 3_600_000)
    Future<Void> fails() {
      return CompletableFuture.runAsync(
          () -> {
            throw new IllegalStateException("later");
          });
    }
  }

  interface Product {}

  static class Made implements Product {
    @Scheduled(fixedRate = 3_600_000)
    void run() {}
  }

  /** Says less of its product than that is. */
  static class Maker implements FactoryBean<Product> {
    @Override
    public Product getObject() {
      return new Made();
    }

    @Override
    public Class<?> getObjectType() {
      return Product.class;
    }
  }

  static class Sleepy {
    @Scheduled(fixedRate = 3_600_000, initialDelay = 3_600_000)
    void wakeUp() {}
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Times times() {
      return new Times();
    }

    @Bean
    Local local() {
      return new Local();
    }

    @Bean
    @Scope("prototype")
    Many many() {
      return new Many();
    }

    @Bean
    Many one() {
      return new Many();
    }

    /** Says less than it is. */
    @Bean
    Object advised() {
      return new Advised();
    }

    @Bean
    Later later() {
      return new Later();
    }

    @Bean
    Maker product() {
      return new Maker();
    }

    @Bean
    String userOf(Product product) {
      return product.toString();
    }

    @Bean
    @Lazy
    Sleepy sleepy() {
      return new Sleepy();
    }

    @Bean
    LibraryCache cache() {
      return new LibraryCache();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableScheduling
  static class Scheduling {}

  private static Map<String, Schedule> jobs(ConfigurableApplicationContext of) {
    Map<String, Schedule> jobs = new TreeMap<>();
    for (Job<?> job : of.getBean(BeanJobs.class).of("escapementScheduler")) {
      jobs.put(job.name(), job.schedule().orElseThrow());
    }
    return jobs;
  }

  private static List<String> localTasks(ConfigurableApplicationContext of) {
    return of.getBeanProvider(ScheduledTaskHolder.class).stream()
        .flatMap(holder -> holder.getScheduledTasks().stream())
        .map(task -> task.toString().replaceAll(".*[.$](\\w+\\.\\w+)$", "$1"))
        .sorted()
        .toList();
  }

  @Test
  void itsOwnMethodsBecomeJobsWithTheirTimes() {
    Map<String, String> schedules = new TreeMap<>();
    jobs(context).forEach((name, schedule) -> schedules.put(name, schedule.identity()));

    assertThat(schedules)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("times.zoned", "cron spring: 0 0 2 * * MON; zone Europe/Zurich"),
                Map.entry("times.local", local("cron spring: @daily")),
                Map.entry("times.off", "-"),
                Map.entry("times.delayed", "fixed delay 1m30s"),
                Map.entry("times.late", "every 1h"),
                Map.entry("times.twice", "every 1m"),
                Map.entry("times.twice#2", "cron spring: 0 0 3 * * *"),
                Map.entry("times.overridden", local("cron spring: 0 0 5 * * *")),
                Map.entry("times.same", "cron spring: 0 0 2 * * *"),
                Map.entry("times.same#2", "every 1h"),
                Map.entry("named", "every 1h"),
                Map.entry("one.perInstance", "every 1h"),
                Map.entry("advised.run", "fixed delay 1s"),
                Map.entry("product.run", "every 1h"),
                Map.entry("later.fails", "fixed delay 1h"),
                Map.entry("sleepy.wakeUp", "every 1h")));
  }

  private static String local(String cron) {
    ZoneId zone = ZoneId.systemDefault();
    return Schedules.parse(cron + "; zone " + zone).identity();
  }

  @Test
  void theRestIsFiredBySpringAndNothingElse() {
    assertThat(localTasks(context))
        .containsExactly(
            "LibraryCache.clear", "Local.named", "Times.everywhere", "Times.kept", "Times.once");
    context.getBean("many");
    context.getBean("sleepy");
    assertThat(localTasks(context)).contains("Many.perInstance").doesNotContain("Sleepy.wakeUp");
  }

  @Test
  void anInitialDelayIsThatOfTheFirstFireEver() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Schedule late = Objects.requireNonNull(jobs(context).get("times.late"));

    assertThat(late.first(now)).contains(now.plusSeconds(60));
    assertThat(late.next(now)).contains(now.plus(Duration.ofHours(1)));
    assertThat(late.jitter(Duration.ofSeconds(1)).first(now)).contains(now.plusSeconds(60));
  }

  @Test
  void adviceOfTheMethodApplies() throws Exception {
    assertThat(IN_A_TRANSACTION.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aMethodHasEndedWhenItsFutureHas() {
    SchedulerClient client = context.getBean(SchedulerClient.class);
    ExecutionFilter ended = ExecutionFilter.ofJob("later.fails");
    while (client.executions().list(ended, 1).items().isEmpty()) {
      LockSupport.parkNanos(20_000_000);
    }
    Execution execution = client.executions().list(ended, 1).items().get(0);

    assertThat(execution.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(execution.failure().orElseThrow().type())
        .isEqualTo(IllegalStateException.class.getName());
  }

  @Test
  void aProcessThatRunsNoJobsFiresNoneOfThem() {
    try (ConfigurableApplicationContext web =
        Applications.run(
            List.of(Application.class, Scheduling.class),
            "escapement.adopt-scheduled=true",
            "escapement.enqueue-only=true",
            "some.delay=90",
            "some.cron=-")) {
      assertThat(localTasks(web))
          .containsExactly("LibraryCache.clear", "Times.everywhere", "Times.once");
    }
  }

  @Test
  void nothingIsAdoptedUnasked() {
    try (ConfigurableApplicationContext plain =
        Applications.run(
            List.of(Named.class, Scheduling.class),
            Applications.NO_DATABASE,
            "escapement.store=memory")) {
      assertThat(jobs(plain)).isEmpty();
      assertThat(localTasks(plain)).containsExactly("Local.named");
    }
  }

  @Test
  void whereNothingWouldBeFiredNothingIsAdopted() {
    try (ConfigurableApplicationContext plain =
        Applications.run(
            List.of(Named.class),
            Applications.NO_DATABASE,
            "escapement.store=memory",
            "escapement.adopt-scheduled=true")) {
      assertThat(jobs(plain)).isEmpty();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Named {
    @Bean
    Local local() {
      return new Local();
    }
  }

  private static String failure(Class<?> configuration, String... properties) {
    List<String> all = new ArrayList<>(List.of(properties));
    all.add(Applications.NO_DATABASE);
    all.add("escapement.store=memory");
    all.add("escapement.adopt-scheduled=true");
    return Applications.failure(
            List.of(configuration, Scheduling.class), all.toArray(String[]::new))
        .getDescription();
  }

  @Test
  void anExceptionThatNamesNothingIsRefused() {
    assertThat(
            failure(
                Named.class,
                "escapement.adopt-scheduled-except=local,local.named,locale,local.name"))
        .contains("names \"local.name\", \"locale\", and");
  }

  @Configuration(proxyBeanMethods = false)
  static class TooFast {
    @Scheduled(fixedRate = 999)
    void tick() {}
  }

  @Test
  void aPeriodUnderOneSecondIsRefused() {
    assertThat(failure(TooFast.class))
        .contains("TooFast#tick", "fixedRate", "PT0.999S", "@EveryNode");
  }

  @Configuration(proxyBeanMethods = false)
  static class Wrong {
    @Scheduled(cron = "0 0 25 * * *")
    void run() {}
  }

  @Configuration(proxyBeanMethods = false)
  static class OfAMethod {
    @Scheduled(fixedRate = 60_000)
    @ScheduledBy("escapementScheduler")
    void run() {}
  }

  @Test
  void aMethodAloneCantChooseItsScheduler() {
    assertThat(failure(OfAMethod.class)).contains("OfAMethod#run bears @ScheduledBy");
  }

  @Test
  void anExpressionThatCantBeIsNamedWithItsPlace() {
    assertThat(failure(Wrong.class)).contains("Wrong#run", "0 0 25 * * *");
  }
}
