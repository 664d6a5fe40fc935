package dev.escapement.spring.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.SchedulerClient;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What the migration pages make of other libraries' code runs. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationTest {

  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  private final ConfigurableApplicationContext application =
      new SpringApplicationBuilder(MigratedApplication.class)
          .web(WebApplicationType.NONE)
          .run(
              "--spring.config.import=classpath:migration.properties",
              "--spring.main.banner-mode=off",
              "--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  private final SchedulerClient scheduler = application.getBean(SchedulerClient.class);
  private final Work work = application.getBean(Work.class);

  @AfterAll
  void close() {
    application.close();
  }

  private void assertRunNow(String job, String done) throws InterruptedException {
    runNow(job);
    assertThat(await(done)).isEqualTo(done);
  }

  private void runNow(String job) {
    scheduler.triggers().runNow(scheduler.triggers().findStanding(job).orElseThrow().id());
  }

  /** The first that begins so; other jobs may be under way. */
  private String await(String beginning) throws InterruptedException {
    while (true) {
      String next = work.done.poll(60, TimeUnit.SECONDS);
      assertThat(next).as("done at last: " + beginning).isNotNull();
      if (next.startsWith(beginning)) {
        return next;
      }
    }
  }

  private LocalTime due(String job, ZoneId zone) {
    Instant due = scheduler.triggers().findStanding(job).orElseThrow().due().orElseThrow();
    return LocalTime.ofInstant(due, zone);
  }

  @Test
  void fromShedLock() throws Exception {
    assertThat(due("close-books", ZURICH)).isEqualTo(LocalTime.of(2, 0));
    assertThat(due("write-report", ZURICH)).isEqualTo(LocalTime.of(2, 0));

    assertRunNow("close-books", "close the books");
    assertRunNow("write-report", "write the report");
  }

  @Test
  void fromQuartz() throws Exception {
    FromQuartz reminders = application.getBean(FromQuartz.class);
    reminders.subscribe("ada");
    TriggerStatus weekly = scheduler.triggers().find("remind", "ada").orElseThrow();
    scheduler.triggers().runNow(weekly.id());
    await("remind ada");

    reminders.subscribe("bob");
    reminders.unsubscribe("bob");

    assertThat(scheduler.triggers().find("remind", "bob")).isEmpty();
  }

  @Test
  void fromDbScheduler() throws Exception {
    assertThat(FromDbScheduler.enqueue(scheduler, new Invoice("inv-42", "ada"))).isTrue();

    await("send to ada");
    assertRunNow("drop-baskets", "drop the baskets");
  }

  @Test
  void fromJobRunr() throws Exception {
    application.getBean(FromJobRunr.class).welcome("ada");

    await("send an offer to ada");
    TriggerFilter waiting = TriggerFilter.ofJob("send-offer").state(TriggerState.SCHEDULED);
    assertThat(scheduler.triggers().list(waiting, 10).items()).hasSize(1);
    assertRunNow("count-stock", "count the stock");
  }

  @Test
  void fromXxlJob() throws Exception {
    ZoneId shanghai = ZoneId.of("Asia/Shanghai");
    assertThat(due("exportOrders", shanghai)).isEqualTo(LocalTime.of(2, 0));

    LocalDate before = LocalDate.now(shanghai);
    runNow("exportOrders");
    assertThat(await("export "))
        .isIn("export " + before, "export " + LocalDate.now(shanghai)); // at midnight
  }
}
