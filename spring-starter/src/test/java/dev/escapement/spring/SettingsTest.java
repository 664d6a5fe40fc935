package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.PayloadException;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import java.lang.reflect.Method;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What can't be is refused when the application starts. */
class SettingsTest {

  private static final JobType<Void> WHERE = JobType.of("where");
  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aPropertyThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> Applications.run(Applications.WITHOUT_JPA, "escapement.wrokers=3"))
        .hasRootCauseInstanceOf(UnboundConfigurationPropertiesException.class)
        .hasStackTraceContaining("escapement.wrokers");
  }

  @ParameterizedTest
  @CsvSource({
    "escapement.workers=-1, workers can't be -1",
    "escapement.workers=-1, escapement.workers = -1",
    "escapement.stop-grace=-1s, escapement.stop-grace = -1s",
    "escapement.lease=10s, too short for a heartbeat",
    "escapement.stop-grace=-1s, stopGrace can't be",
    "escapement.max-payload-size=4GB, maxPayloadBytes can't be",
    "escapement.jdbc.table-prefix=a b, table prefix",
  })
  void whatIsOutOfRangeIsRefused(String property, String why) {
    assertThat(Applications.failure(Applications.WITHOUT_JPA, property).getDescription())
        .contains(why);
  }

  @Test
  void aProcessThatOnlyEnqueuesMindsTheSizeOfPayloadsToo() {
    try (ConfigurableApplicationContext context =
        Applications.run(
            Applications.WITHOUT_JPA,
            "escapement.enqueue-only=true",
            "escapement.max-payload-size=10B")) {
      SchedulerClient client = context.getBean(SchedulerClient.class);
      client.enqueue(TEXT, "short");
      assertThatThrownBy(() -> client.enqueue(TEXT, "somewhat longer"))
          .isInstanceOf(PayloadException.class)
          .hasMessageContaining("at most 10");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Telling {
    @Bean
    Job<Void> where() {
      return Job.returning(WHERE, run -> isVirtual(Thread.currentThread()));
    }
  }

  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    for (Method method : Thread.class.getMethods()) {
      if (method.getName().equals("isVirtual")) {
        return (Boolean) method.invoke(thread);
      }
    }
    return false;
  }

  private static String runsOnVirtualThreads(String... properties) throws Exception {
    try (ConfigurableApplicationContext context = Applications.run(Telling.class, properties)) {
      Scheduler scheduler = context.getBean(Scheduler.class);
      return scheduler
          .await(scheduler.enqueue(WHERE).id(), PATIENCE)
          .result()
          .orElseThrow()
          .toString();
    }
  }

  private static boolean has(int version) {
    return Runtime.version().feature() >= version;
  }

  @Test
  void jobsRunOnVirtualThreadsWhereTheRestDoes() throws Exception {
    String elsewhere = "spring.threads.virtual.enabled=true";

    assertThat(runsOnVirtualThreads(Applications.WITHOUT_JPA, elsewhere))
        .isEqualTo(Boolean.toString(has(21)));
    assertThat(
            runsOnVirtualThreads(
                Applications.WITHOUT_JPA, elsewhere, "escapement.virtual-threads=false"))
        .isEqualTo("false");
  }

  @Test
  void jobsRunOnVirtualThreadsWhereTheyAreAskedFor() throws Exception {
    Assumptions.assumeTrue(has(21), "Java 21 brings them");

    assertThat(runsOnVirtualThreads(Applications.WITHOUT_JPA, "escapement.virtual-threads=true"))
        .isEqualTo("true");
  }

  @Test
  void virtualThreadsThatThereAreNotAreRefused() {
    Assumptions.assumeFalse(has(21), "Java 21 brings them");

    FailureAnalysis failure =
        Applications.failure(Applications.WITHOUT_JPA, "escapement.virtual-threads=true");

    assertThat(failure.getDescription()).contains("escapement.virtual-threads").contains("Java 21");
  }
}
