package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.policy.JobPolicy;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {

  private static final JobType<Void> SWEEP = JobType.of("sweep");

  @Test
  void hasTheDefaultsOfItsKind() {
    Job<Void> once = Job.of(SWEEP, context -> {});
    Job<Void> often = Job.recurring("alive", Schedules.every(Duration.ofMinutes(1)), context -> {});

    assertThat(once.policy()).isEqualTo(JobPolicy.oneTime());
    assertThat(once.schedule()).isEmpty();
    assertThat(often.policy()).isEqualTo(JobPolicy.recurring());
    assertThat(often.schedule()).contains(Schedules.every(Duration.ofMinutes(1)));
    assertThat(often.type()).isEqualTo(JobType.of("alive"));
  }

  @Test
  void aChangeMakesACopy() {
    Job<Void> job = Job.of(SWEEP, context -> {});
    assertThat(job.queue("mail").policy().placement().queue()).isEqualTo("mail");
    assertThat(job.policy().placement().queue()).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "P366D"})
  void refusesATimeoutOutOfRange(Duration limit) {
    Job<Void> job = Job.of(SWEEP, context -> {});
    assertThatThrownBy(() -> job.timeout(limit))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            "Job \"sweep\": A timeout can't be "
                + limit
                + "; make it 1 ms to 365 days, or leave it away for none.");
  }

  @Test
  void aRefusalNamesTheJob() {
    Job<Void> job = Job.of(SWEEP, context -> {});
    assertThatThrownBy(() -> job.queue(""))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageStartingWith("Job \"sweep\": The queue name \"\" is empty");
  }

  @Test
  void tellsWhereItsCodeIs() {
    assertThat(Job.of(SWEEP, context -> {}).toString())
        .startsWith("Job[sweep, run by " + JobTest.class.getName());
    assertThat(
            Job.recurring("alive", Schedules.every(Duration.ofSeconds(1)), context -> {})
                .toString())
        .startsWith("Job[alive, every 1s, run by " + JobTest.class.getName());
  }
}
