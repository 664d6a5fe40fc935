package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.KeepHistory;
import dev.escapement.policy.UnreadablePayload;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {

  private static final JobType<Void> SWEEP = JobType.of("sweep");
  private static final JobContext CONTEXT = new FakeContext();
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Optional<Duration> A_MINUTE = Optional.of(MINUTE);
  private static final Optional<Duration> NONE = Optional.empty();

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

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "P366D"})
  void refusesOtherLimitsOutOfRange(Duration limit) {
    Job<Void> job = Job.of(SWEEP, context -> {});
    assertThatThrownBy(() -> job.timeout(MINUTE, limit))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            "Job \"sweep\": abandonAfter can't be "
                + limit
                + "; make it 1 ms to 365 days, or leave it away for never.");
    assertThatThrownBy(() -> job.maxLateness(limit))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            "Job \"sweep\": maxLateness can't be "
                + limit
                + "; make it 1 ms to 365 days, or leave it away for no bound.");
  }

  @Test
  void aTimeoutByItselfAbandonsNothing() {
    Job<Void> abandoning = Job.of(SWEEP, context -> {}).timeout(MINUTE, Duration.ofSeconds(9));
    assertThat(abandoning.policy().timeout()).contains(MINUTE);
    assertThat(abandoning.policy().abandonAfter()).contains(Duration.ofSeconds(9));

    assertThat(abandoning.timeout(MINUTE).policy().timeout()).contains(MINUTE);
    assertThat(abandoning.timeout(MINUTE).policy().abandonAfter()).isEmpty();
  }

  @Test
  void oneLimitLeavesTheOthersAsTheyAre() {
    Job<Void> job = Job.of(SWEEP, context -> {}).timeout(MINUTE, MINUTE).maxLateness(MINUTE);
    JobPolicy.Limits limits = job.policy().limits();
    assertThat(limits).isEqualTo(new JobPolicy.Limits(A_MINUTE, A_MINUTE, A_MINUTE));
    assertThat(job.maxLateness(MINUTE).policy().limits()).isEqualTo(limits);
    assertThat(job.timeout(MINUTE, MINUTE).policy().limits()).isEqualTo(limits);
  }

  @Test
  void oneWordOnHandlingLeavesTheOthersAsTheyAre() {
    Job<Void> job =
        Job.of(SWEEP, context -> {})
            .transactional()
            .keepHistory(KeepHistory.NONE)
            .interruptOnLeaseLoss(true)
            .onUnreadablePayload(UnreadablePayload.FAIL);
    JobPolicy.Handling handling = job.policy().handling();
    assertThat(handling)
        .isEqualTo(new JobPolicy.Handling(true, true, UnreadablePayload.FAIL, KeepHistory.NONE));
    assertThat(job.transactional().policy().handling()).isEqualTo(handling);
    assertThat(job.keepHistory(KeepHistory.NONE).policy().handling()).isEqualTo(handling);
  }

  @Test
  void nothingIsAbandonedWithoutATimeout() {
    assertThatThrownBy(() -> new JobPolicy.Limits(NONE, A_MINUTE, NONE))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage("abandonAfter is PT1M, and there is no timeout that it could follow; say one.");
  }

  @Test
  @SuppressWarnings("NullAway") // a job without payload is given null
  void itsCodeReturnsTheResultIfItHasOne() throws Exception {
    JobType<Integer> count = JobType.of("count", Integer.class);
    Schedule often = Schedules.every(MINUTE);

    assertThat(Job.returning(count, (n, context) -> n + 1).code().run(41, CONTEXT)).isEqualTo(42);
    assertThat(Job.returning(SWEEP, context -> "swept").code().run(null, CONTEXT))
        .isEqualTo("swept");
    assertThat(Job.recurringReturning("r", often, context -> 7).code().run(null, CONTEXT))
        .isEqualTo(7);
    assertThat(Job.recurringReturning("r", often, context -> 7).schedule()).contains(often);
  }

  @Test
  @SuppressWarnings("NullAway") // a job without payload is given null
  void aHandlerReturnsNothing() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    JobType<Integer> count = JobType.of("count", Integer.class);

    Handler<Integer> adding = (n, context) -> ran.addAndGet(n);
    Handler.WithoutPayload counting = context -> ran.incrementAndGet();
    assertThat(Job.of(count, adding).code().run(40, CONTEXT)).isNull();
    assertThat(Job.of(SWEEP, counting).code().run(null, CONTEXT)).isNull();
    Job<Void> often = Job.recurring("often", Schedules.every(MINUTE), counting);
    assertThat(often.code().run(null, CONTEXT)).isNull();
    assertThat(ran).hasValue(42);
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
    assertThat(Job.returning(SWEEP, context -> 42).toString())
        .startsWith("Job[sweep, run by " + JobTest.class.getName());
    assertThat(Job.of(JobType.of("n", Long.class), (n, context) -> {}).toString())
        .startsWith("Job[n, run by " + JobTest.class.getName());
    assertThat(Job.returning(JobType.of("n", Long.class), (n, context) -> n).toString())
        .startsWith("Job[n, run by " + JobTest.class.getName());
  }
}
