package dev.escapement.spring.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Execution;
import dev.escapement.JobStatus;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application of the guide to Spring Boot does what the guide says. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringGuideTest {

  private static final Pattern METER = Pattern.compile("escapement\\.[a-z.]+");

  /** Spring Boot times each observation. */
  private static final Pattern OBSERVED = Pattern.compile("escapement\\.(run|enqueue)(\\.active)?");

  private static final Duration LONG = Duration.ofSeconds(60);

  private final ConfigurableApplicationContext application;
  private final SchedulerClient scheduler;
  private final Scheduler night;
  private final Mailer mailer;
  private final JdbcClient database;

  SpringGuideTest() {
    application =
        new SpringApplicationBuilder(GuideApplication.class)
            .web(WebApplicationType.NONE)
            .run(
                "--spring.config.import=classpath:guide.properties",
                "--spring.main.banner-mode=off",
                "--escapement.jobs.book.retry.initial=10ms",
                "--spring.datasource.url=jdbc:h2:mem:"
                    + UUID.randomUUID()
                    + ";DB_CLOSE_DELAY=-1;INIT=CREATE TABLE IF NOT EXISTS orders"
                    + " (number VARCHAR(40))\\;CREATE TABLE IF NOT EXISTS stock (pieces INT)");
    scheduler = application.getBean(SchedulerClient.class);
    night = application.getBean("nightScheduler", Scheduler.class);
    mailer = application.getBean(Mailer.class);
    database = application.getBean(JdbcClient.class);
  }

  @AfterAll
  void close() {
    application.close();
  }

  /** Returns what was said before that. */
  private List<String> await(String said) throws InterruptedException {
    List<String> before = new ArrayList<>();
    while (true) {
      String next = mailer.sent.poll(60, TimeUnit.SECONDS);
      assertThat(next).as("said at last: " + said).isNotNull();
      if (said.equals(next)) {
        return before;
      }
      before.add(next);
    }
  }

  private static Map<String, String> schedules(SchedulerClient scheduler) {
    return scheduler.jobs().all().stream()
        .filter(job -> job.schedule().isPresent())
        .collect(Collectors.toMap(JobStatus::name, job -> job.schedule().get().toString()));
  }

  @Test
  void annotatedMethodsAreJobs() throws Exception {
    scheduler
        .triggers()
        .runNow(scheduler.triggers().findStanding("close-books").orElseThrow().id());

    await("the books are closed");
  }

  @Test
  void anOrderAndItsInvoiceAreOneTransaction() throws Exception {
    Orders orders = application.getBean(Orders.class);

    orders.place(new Order("1001", "ada", 2));
    await("an invoice to ada");

    assertThatThrownBy(() -> orders.place(new Order("1002", "bob", 200))).hasMessage("Sold out");
    orders.place(new Order("1003", "fay", 1));
    assertThat(await("an invoice to fay")).doesNotContain("an invoice to bob");
    assertThat(database.sql("SELECT number FROM orders").query(String.class).list())
        .containsExactly("1001", "1003");
  }

  @Test
  void whatATransactionalJobWritesTakesEffectOnce() throws Exception {
    database.sql("INSERT INTO stock (pieces) VALUES (10)").update();

    TriggerId id =
        scheduler.enqueue(JobType.of("book", Order.class), new Order("1003", "cy", 3)).id();
    assertThat(scheduler.await(id, LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);

    assertThat(scheduler.executions().of(id))
        .extracting(Execution::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SUCCEEDED);
    assertThat(database.sql("SELECT pieces FROM stock").query(Integer.class).list())
        .containsExactly(7);
  }

  @Test
  void jobBeansAreJobsToo() throws Exception {
    scheduler.enqueue(Jobs.REMIND, "dan");

    await("a reminder to dan");
  }

  @Test
  void adoptedMethodsAreJobsAndOthersStay() throws Exception {
    assertThat(schedules(scheduler))
        .containsKeys("housekeeping.dropBaskets", "count-stock")
        .doesNotContainKeys("housekeeping.clearCache", "housekeeping.readPrices");
  }

  @Test
  void whatFailsForGoodRaisesAnAlarm() throws Exception {
    TriggerId id = scheduler.enqueue(JobType.of("unlucky")).id();

    assertThat(scheduler.await(id, LONG).outcome()).isEqualTo(Outcome.FAILED);
    await("an alarm: unlucky");
  }

  @Test
  void propertiesOutrankTheCode() {
    assertThat(schedules(scheduler).get("close-books")).contains("03:30");
    assertThat(schedules(scheduler).get("housekeeping.dropBaskets")).isEqualTo("fixed delay 10m");
    scheduler.schedule(Orders.SEND_INVOICE, new Invoice("1004", "eve"), Duration.ofHours(1));
    TriggerFilter waiting = TriggerFilter.ofJob("send-invoice").queue("mail");
    assertThat(scheduler.triggers().where(waiting).cancel().done()).isEqualTo(1);
  }

  @Test
  void aSecondSchedulerHasTablesAndJobsOfItsOwn() throws Exception {
    assertThat(night.jobs().find("archive")).isPresent();
    assertThat(scheduler.jobs().find("archive")).isEmpty();

    night.triggers().runNow(night.triggers().findStanding("archive").orElseThrow().id());

    await("all is archived");
  }

  @Test
  void everyMeterStandsInTheGuide() throws Exception {
    MeterRegistry registry = application.getBean(MeterRegistry.class);
    registry.get("escapement.lag").gauge().value(); // looks at the queues
    scheduler.await(scheduler.enqueue(Jobs.REMIND, "gil").id(), LONG);

    assertThat(
            registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .filter(name -> name.startsWith("escapement."))
                .filter(name -> !OBSERVED.matcher(name).matches())
                .collect(Collectors.toSet()))
        .isEqualTo(metersOfTheGuide());
  }

  private static Set<String> metersOfTheGuide() throws IOException {
    return Files.readString(PropertiesGuideTest.GUIDE)
        .lines()
        .dropWhile(line -> !line.startsWith("| meter |"))
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.substring(0, line.indexOf("|", 1)))
        .flatMap(cell -> METER.matcher(cell).results())
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }
}
