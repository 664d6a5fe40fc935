package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.Priority;
import dev.escapement.Recurring;
import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

/** What properties say of single jobs, and what they can't. */
@Timeout(120)
class JobPropertiesTest {

  @Configuration(proxyBeanMethods = false)
  static class Jobs {
    @JobHandler(value = "sendInvoice", queue = "mail", timeout = "2m", maxAttempts = 4)
    void sendInvoice() {}

    @JobHandler(value = "untouched", queue = "mail")
    void untouched() {}

    @Recurring(name = "night-run", cron = "0 2 * * *", zone = "Europe/Zurich")
    void nightRun() {}

    @Recurring(name = "by-text", every = "1m")
    void byText() {}

    @Recurring(name = "by-rate", every = "1m")
    void byRate() {}

    @Recurring(name = "by-delay", every = "1m")
    void byDelay() {}

    @Recurring(name = "off", every = "1m")
    void off() {}
  }

  private static Job<?> job(ConfigurableApplicationContext context, String name) {
    return context.getBean(BeanJobs.class).of("escapementScheduler").stream()
        .filter(job -> job.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Schedule> schedule(ConfigurableApplicationContext context, String job) {
    return job(context, job).schedule();
  }

  @Test
  void whatIsSaidTakesThePlaceOfTheCodeAndWhatIsntStays() {
    try (ConfigurableApplicationContext context =
        Applications.run(
            Jobs.class,
            Applications.NO_DATABASE,
            "escapement.store=memory",
            "escapement.jobs[sendInvoice].priority=high",
            "escapement.jobs[sendInvoice].abandon-after=30s",
            "escapement.jobs[sendInvoice].max-lateness=1h",
            "escapement.jobs[sendInvoice].retry.growth=linear",
            "escapement.jobs[sendInvoice].retry.initial=2h",
            "escapement.jobs[sendInvoice].retry.jitter=0.5",
            "escapement.jobs[sendInvoice].retry.max-age=12h",
            "escapement.jobs[sendInvoice].history=failures",
            "escapement.jobs[sendInvoice].interrupt-on-lease-loss=true",
            "escapement.jobs.night-run.cron=0 30 3 * * 1",
            "escapement.jobs.night-run.jitter=5m",
            "escapement.jobs.night-run.queue=night",
            "escapement.jobs.night-run.retry.max-attempts=3",
            "escapement.jobs.night-run.misfire.action=fire-all",
            "escapement.jobs.night-run.misfire.cap=7",
            "escapement.jobs.night-run.overlap=allow",
            "escapement.jobs.night-run.max-overlap=3",
            "escapement.jobs.by-text.schedule=daily 04:00",
            "escapement.jobs.by-rate.every=30s",
            "escapement.jobs.by-delay.fixed-delay=40s",
            // As an environment variable has it.
            "escapement.jobs.OFF.cron=-")) {
      JobPolicy send = job(context, "sendInvoice").policy();
      assertThat(send.placement()).isEqualTo(new JobPolicy.Placement("mail", Priority.HIGH));
      assertThat(send.limits())
          .isEqualTo(
              new JobPolicy.Limits(
                  Optional.of(Duration.ofMinutes(2)),
                  Optional.of(Duration.ofSeconds(30)),
                  Optional.of(Duration.ofHours(1))));
      assertThat(send.retry())
          .isEqualTo(
              Retry.linear(Duration.ofHours(2))
                  .maxAttempts(4)
                  .jitter(0.5)
                  .maxAge(Duration.ofHours(12)));
      assertThat(send.history()).isEqualTo(KeepHistory.FAILURES);
      assertThat(send.interruptOnLeaseLoss()).isTrue();

      JobPolicy night = job(context, "night-run").policy();
      assertThat(schedule(context, "night-run"))
          .contains(
              Cron.spring("0 30 3 * * 1")
                  .zone(ZoneId.of("Europe/Zurich"))
                  .jitter(Duration.ofMinutes(5)));
      assertThat(night.placement().queue()).isEqualTo("night");
      assertThat(night.retry()).isEqualTo(Retry.standard().maxAttempts(3));
      assertThat(night.recurrence())
          .isEqualTo(new JobPolicy.Recurrence(Misfire.fireAll().cappedAt(7), Overlap.ALLOW, 3));

      assertThat(schedule(context, "by-text")).contains(Schedules.daily(LocalTime.of(4, 0)));
      assertThat(schedule(context, "by-rate")).contains(Schedules.every(Duration.ofSeconds(30)));
      assertThat(schedule(context, "by-delay"))
          .contains(Schedules.fixedDelay(Duration.ofSeconds(40)));
      assertThat(schedule(context, "off")).contains(Schedules.disabled());
      assertThat(job(context, "untouched").policy()).isEqualTo(JobPolicy.oneTime().queue("mail"));
    }
  }

  private static String failure(String... properties) {
    List<String> all = new ArrayList<>(List.of(properties));
    all.add(Applications.NO_DATABASE);
    all.add("escapement.store=memory");
    return Applications.failure(List.of(Jobs.class), all.toArray(String[]::new)).getDescription();
  }

  @Test
  void anUnknownJobIsNamedWithThoseThatThereAre() {
    assertThat(failure("escapement.jobs.nightrun2.queue=night"))
        .contains("escapement.jobs.nightrun2.queue = night")
        .contains("declares a job \"nightrun2\"", "night-run, off, sendInvoice");
  }

  @Test
  void aValueThatCantBeIsNamedWithItsPlace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("application.properties");
    Files.writeString(
        file, "some.thing=1\nescapement.jobs[night-run].cron=0 0 25 * * *\n" + "other=2\n");

    assertThat(failure("spring.config.additional-location=file:" + folder + "/"))
        .contains("escapement.jobs[night-run].cron = 0 0 25 * * *")
        .contains("application.properties] - 2:")
        .contains("25");
  }

  @Test
  void whatOnlyRecurringJobsHaveIsRefusedOfOthers() {
    assertThat(failure("escapement.jobs[sendInvoice].every=1m"))
        .contains("escapement.jobs[sendInvoice].every = 1m", "runs when somebody enqueues it");
  }

  @Test
  void severalTimesAreNamedTogether() {
    assertThat(failure("escapement.jobs.off.every=1m", "escapement.jobs.off.schedule=every 2m"))
        .contains("escapement.jobs.off.every = 1m", "escapement.jobs.off.schedule = every 2m")
        .contains("[every, schedule]; say one of them");
  }

  @Test
  void valuesThatDontFitTogetherAreNamedTogether() {
    assertThat(
            failure(
                "escapement.jobs.off.retry.initial=2h",
                "escapement.jobs.off.retry.max=1h",
                "escapement.jobs.off.queue=mail"))
        .contains("escapement.jobs.off.retry.initial = 2h", "escapement.jobs.off.retry.max = 1h")
        .contains("A retry's max can't be PT1H")
        .doesNotContain("queue");
  }

  private static String refusal(String property) {
    Throwable thrown =
        catchThrowable(
            () ->
                Applications.run(
                        Jobs.class, Applications.NO_DATABASE, "escapement.store=memory", property)
                    .close());
    assertThat(thrown).isNotNull();
    return String.valueOf(NestedExceptionUtils.getMostSpecificCause(thrown).getMessage());
  }

  @Test
  void anUnknownPropertyOfAJobAndAnUnreadableValueAreRefused() {
    assertThat(refusal("escapement.jobs.off.colour=red"))
        .contains("escapement.jobs.off.colour", "left unbound");
    assertThat(refusal("escapement.jobs.off.timeout=soon")).contains("soon");
  }
}
