package dev.escapement;

import static dev.escapement.policy.KeepHistory.FAILURES;
import static dev.escapement.policy.Misfire.Action.FIRE_ALL;
import static dev.escapement.policy.Misfire.Action.SKIP;
import static dev.escapement.policy.UnreadablePayload.RELEASE;
import static dev.escapement.policy.Waits.Growth.FIXED;
import static dev.escapement.policy.Waits.Growth.LINEAR;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.CronDialect;
import dev.escapement.schedule.Schedules;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever can be said with an annotation can be said with {@link Job}'s methods, and the other way
 * round. The job {@code JobHandler.queue} of {@link Annotated} says by annotation what {@link
 * #BUILT} says by code under the same name; an attribute or a policy without a case is a failure.
 */
class ParityTest {

  @SuppressWarnings("unused")
  static final class Annotated {
    @JobHandler("JobHandler.value")
    void value() {}

    @JobHandler(value = "JobHandler.queue", queue = "mail")
    void queue() {}

    @JobHandler(value = "JobHandler.priority", priority = Priority.HIGH)
    void priority() {}

    @JobHandler(value = "JobHandler.timeout", timeout = "2m")
    void timeout() {}

    @JobHandler(value = "JobHandler.maxAttempts", maxAttempts = 3)
    void maxAttempts() {}

    @JobHandler(
        value = "JobHandler.backoff",
        backoff = @Backoff(growth = LINEAR, initial = "30s", max = "5m", jitter = 0.5))
    void backoff() {}

    @JobHandler(value = "JobHandler.interruptOnLeaseLoss", interruptOnLeaseLoss = true)
    void interruptOnLeaseLoss() {}

    @JobHandler(
        value = "JobHandler.misfire",
        misfire = @OnMisfire(value = FIRE_ALL, cap = 7, threshold = "5m"))
    void misfire() {}

    @JobHandler(value = "JobHandler.overlap", overlap = Overlap.SKIP)
    void overlap() {}

    @JobHandler(value = "JobHandler.maxOverlap", overlap = Overlap.ALLOW, maxOverlap = 3)
    void maxOverlap() {}

    @JobHandler(value = "JobHandler.onUnreadablePayload", onUnreadablePayload = RELEASE)
    void onUnreadablePayload() {}

    @JobHandler(value = "JobHandler.abandonAfter", timeout = "2m", abandonAfter = "30s")
    void abandonAfter() {}

    @JobHandler(value = "JobHandler.maxLateness", maxLateness = "1h")
    void maxLateness() {}

    @JobHandler(value = "JobHandler.maxRetryAge", maxRetryAge = "12h")
    void maxRetryAge() {}

    @JobHandler(
        value = "JobHandler.notRetryOn",
        notRetryOn = {IOException.class, AssertionError.class})
    void notRetryOn() {}

    @JobHandler(value = "JobHandler.history", history = FAILURES)
    void history() {}

    @JobHandler(value = "JobHandler.transactional", transactional = true)
    void transactional() {}

    @Recurring(name = "Recurring.name", every = "1s")
    void recurringName() {}

    @Recurring(name = "Recurring.every", every = "30s")
    void every() {}

    @Recurring(name = "Recurring.fixedDelay", fixedDelay = "5m")
    void fixedDelay() {}

    @Recurring(name = "Recurring.cron", cron = "0 2 * * *")
    void cron() {}

    @Recurring(name = "Recurring.dialect", cron = "0 0 2 ? * 2", dialect = CronDialect.QUARTZ)
    void dialect() {}

    @Recurring(name = "Recurring.zone", cron = "0 2 * * *", zone = "Europe/Zurich")
    void zone() {}

    @Recurring(name = "Recurring.schedule", schedule = "daily 02:00; zone Europe/Zurich")
    void schedule() {}

    @Recurring(name = "Recurring.jitter", every = "1s", jitter = "30s")
    void recurringJitter() {}

    @Recurring(
        name = "Recurring.misfire",
        every = "1s",
        misfire = @OnMisfire(value = FIRE_ALL, cap = 7, threshold = "5m"))
    void recurringMisfire() {}

    @Recurring(name = "Recurring.overlap", every = "1s", overlap = Overlap.SKIP)
    void recurringOverlap() {}

    @Recurring(name = "Recurring.maxOverlap", every = "1s", overlap = Overlap.ALLOW, maxOverlap = 3)
    void recurringMaxOverlap() {}

    @Recurring(name = "Recurring.queue", every = "1s", queue = "mail")
    void recurringQueue() {}

    @Recurring(name = "Recurring.priority", every = "1s", priority = Priority.HIGH)
    void recurringPriority() {}

    @Recurring(name = "Recurring.timeout", every = "1s", timeout = "2m")
    void recurringTimeout() {}

    @Recurring(name = "Recurring.maxAttempts", every = "1s", maxAttempts = 3)
    void recurringMaxAttempts() {}

    @Recurring(
        name = "Recurring.backoff",
        every = "1s",
        backoff = @Backoff(growth = LINEAR, initial = "30s", max = "5m", jitter = 0.5))
    void recurringBackoff() {}

    @Recurring(name = "Recurring.interruptOnLeaseLoss", every = "1s", interruptOnLeaseLoss = true)
    void recurringInterruptOnLeaseLoss() {}

    @Recurring(name = "Recurring.abandonAfter", every = "1s", timeout = "2m", abandonAfter = "30s")
    void recurringAbandonAfter() {}

    @Recurring(name = "Recurring.maxLateness", every = "1s", maxLateness = "1h")
    void recurringMaxLateness() {}

    @Recurring(name = "Recurring.maxRetryAge", every = "1s", maxRetryAge = "12h")
    void recurringMaxRetryAge() {}

    @Recurring(
        name = "Recurring.notRetryOn",
        every = "1s",
        notRetryOn = {IOException.class, AssertionError.class})
    void recurringNotRetryOn() {}

    @Recurring(name = "Recurring.history", every = "1s", history = FAILURES)
    void recurringHistory() {}

    @Recurring(name = "Recurring.transactional", every = "1s", transactional = true)
    void recurringTransactional() {}

    @JobHandler(value = "OnMisfire.value", misfire = @OnMisfire(SKIP))
    void action() {}

    @JobHandler(value = "OnMisfire.cap", misfire = @OnMisfire(cap = 7))
    void cap() {}

    @JobHandler(value = "OnMisfire.threshold", misfire = @OnMisfire(threshold = "5m"))
    void threshold() {}

    @JobHandler(value = "Backoff.growth", backoff = @Backoff(growth = LINEAR))
    void growth() {}

    @JobHandler(value = "Backoff.initial", backoff = @Backoff(initial = "2h"))
    void initial() {}

    @JobHandler(value = "Backoff.factor", backoff = @Backoff(factor = 1.5))
    void factor() {}

    @JobHandler(value = "Backoff.max", backoff = @Backoff(max = "5m"))
    void max() {}

    @JobHandler(value = "Backoff.jitter", backoff = @Backoff(jitter = 0))
    void jitter() {}
  }

  private static final Retry ALL_OF_BACKOFF =
      Retry.linear(ofSeconds(30)).cappedAt(ofMinutes(5)).jitter(0.5);

  private static final Misfire ALL_OF_ON_MISFIRE =
      Misfire.fireAll().cappedAt(7).threshold(ofMinutes(5));

  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  private static final Map<String, Job<Void>> BUILT =
      Stream.of(
              enqueued("JobHandler.value", job -> job),
              enqueued("JobHandler.queue", job -> job.queue("mail")),
              enqueued("JobHandler.priority", job -> job.priority(Priority.HIGH)),
              enqueued("JobHandler.timeout", job -> job.timeout(ofMinutes(2))),
              enqueued("JobHandler.maxAttempts", job -> job.retry(Retry.standard().maxAttempts(3))),
              enqueued("JobHandler.backoff", job -> job.retry(ALL_OF_BACKOFF)),
              enqueued("JobHandler.interruptOnLeaseLoss", job -> job.interruptOnLeaseLoss(true)),
              enqueued("JobHandler.misfire", job -> job.misfire(ALL_OF_ON_MISFIRE)),
              enqueued("JobHandler.overlap", job -> job.overlap(Overlap.SKIP)),
              enqueued("JobHandler.maxOverlap", job -> job.allowOverlap(3)),
              enqueued("JobHandler.onUnreadablePayload", job -> job.onUnreadablePayload(RELEASE)),
              enqueued("JobHandler.abandonAfter", job -> job.timeout(ofMinutes(2), ofSeconds(30))),
              enqueued("JobHandler.maxLateness", job -> job.maxLateness(ofHours(1))),
              enqueued(
                  "JobHandler.maxRetryAge", job -> job.retry(Retry.standard().maxAge(ofHours(12)))),
              enqueued(
                  "JobHandler.notRetryOn",
                  job ->
                      job.retry(Retry.standard().notOn(IOException.class, AssertionError.class))),
              enqueued("JobHandler.history", job -> job.keepHistory(FAILURES)),
              enqueued("JobHandler.transactional", job -> job.transactional()),
              recurring("Recurring.name", job -> job),
              recurring("Recurring.abandonAfter", job -> job.timeout(ofMinutes(2), ofSeconds(30))),
              recurring("Recurring.maxLateness", job -> job.maxLateness(ofHours(1))),
              recurring(
                  "Recurring.maxRetryAge", job -> job.retry(Retry.none().maxAge(ofHours(12)))),
              recurring(
                  "Recurring.notRetryOn",
                  job -> job.retry(Retry.none().notOn(IOException.class, AssertionError.class))),
              recurring("Recurring.history", job -> job.keepHistory(FAILURES)),
              recurring("Recurring.transactional", job -> job.transactional()),
              Job.recurring("Recurring.every", Schedules.every(ofSeconds(30)), context -> {}),
              Job.recurring(
                  "Recurring.fixedDelay", Schedules.fixedDelay(ofMinutes(5)), context -> {}),
              Job.recurring("Recurring.cron", Cron.unix("0 2 * * *"), context -> {}),
              Job.recurring("Recurring.dialect", Cron.quartz("0 0 2 ? * 2"), context -> {}),
              Job.recurring("Recurring.zone", Cron.unix("0 2 * * *").zone(ZURICH), context -> {}),
              Job.recurring(
                  "Recurring.schedule",
                  Schedules.daily(LocalTime.of(2, 0)).zone(ZURICH),
                  context -> {}),
              Job.recurring(
                  "Recurring.jitter",
                  Schedules.every(ofSeconds(1)).jitter(ofSeconds(30)),
                  context -> {}),
              recurring("Recurring.misfire", job -> job.misfire(ALL_OF_ON_MISFIRE)),
              recurring("Recurring.overlap", job -> job.overlap(Overlap.SKIP)),
              recurring("Recurring.maxOverlap", job -> job.allowOverlap(3)),
              enqueued("OnMisfire.value", job -> job.misfire(Misfire.skip())),
              enqueued("OnMisfire.cap", job -> job.misfire(Misfire.fireOnce().cappedAt(7))),
              enqueued(
                  "OnMisfire.threshold",
                  job -> job.misfire(Misfire.fireOnce().threshold(ofMinutes(5)))),
              recurring("Recurring.queue", job -> job.queue("mail")),
              recurring("Recurring.priority", job -> job.priority(Priority.HIGH)),
              recurring("Recurring.timeout", job -> job.timeout(ofMinutes(2))),
              recurring("Recurring.maxAttempts", job -> job.retry(Retry.standard().maxAttempts(3))),
              recurring("Recurring.backoff", job -> job.retry(ALL_OF_BACKOFF.maxAttempts(1))),
              recurring("Recurring.interruptOnLeaseLoss", job -> job.interruptOnLeaseLoss(true)),
              enqueued("Backoff.growth", job -> job.retry(Retry.linear(ofSeconds(10)))),
              enqueued("Backoff.initial", job -> job.retry(Retry.exponential(ofMinutes(120)))),
              enqueued("Backoff.factor", job -> job.retry(Retry.standard().factor(1.5))),
              enqueued("Backoff.max", job -> job.retry(Retry.standard().cappedAt(ofMinutes(5)))),
              enqueued("Backoff.jitter", job -> job.retry(Retry.standard().jitter(0))))
          .collect(Collectors.toMap(Job::name, Function.identity()));

  private static final Map<String, Job<?>> READ =
      JobReader.of(new Annotated()).stream()
          .collect(Collectors.toMap(Job::name, Function.identity()));

  static final class FixedWait {
    @JobHandler(value = "x", backoff = @Backoff(growth = FIXED, initial = "30s", jitter = 0))
    void run() {}
  }

  @Test
  void aFixedWaitIsSaidByItsGrowth() {
    assertThat(JobReader.of(new FixedWait()).get(0).policy().retry())
        .isEqualTo(Retry.fixed(ofSeconds(30)));
  }

  /** What says nothing but the name. */
  private static final Set<String> SILENT = Set.of("JobHandler.value", "Recurring.name");

  private static Job<Void> enqueued(String name, UnaryOperator<Job<Void>> change) {
    return change.apply(Job.of(JobType.of(name), context -> {}));
  }

  private static Job<Void> recurring(String name, UnaryOperator<Job<Void>> change) {
    return change.apply(Job.recurring(name, Schedules.every(ofSeconds(1)), context -> {}));
  }

  static Stream<String> everyAttribute() {
    return Stream.<Class<? extends Annotation>>of(
            JobHandler.class, Recurring.class, Backoff.class, OnMisfire.class)
        .flatMap(
            annotation ->
                Arrays.stream(annotation.getDeclaredMethods())
                    .map(Method::getName)
                    .map(attribute -> annotation.getSimpleName() + "." + attribute));
  }

  @ParameterizedTest
  @MethodSource("everyAttribute")
  void anAttributeCanBeSaidInCode(String attribute) {
    Job<?> read = theCase(attribute, READ);
    Job<?> built = theCase(attribute, BUILT);

    assertThat(read.policy()).isEqualTo(built.policy());
    assertThat(read.schedule()).isEqualTo(built.schedule());
    assertThat(read.type()).isEqualTo(built.type());
    assertThat(saysNothing(read)).isEqualTo(SILENT.contains(attribute));
  }

  private static Job<?> theCase(String attribute, Map<String, ? extends Job<?>> cases) {
    return Objects.requireNonNull(cases.get(attribute), () -> "there is no case for " + attribute);
  }

  private static boolean saysNothing(Job<?> job) {
    String name = job.schedule().isPresent() ? "Recurring.name" : "JobHandler.value";
    Job<?> silent = theCase(name, BUILT);
    return job.policy().equals(silent.policy()) && job.schedule().equals(silent.schedule());
  }

  @Test
  void everyPolicyCanBeSaidOfAJobThatIsEnqueued() throws Exception {
    assertThat(changedBy("JobHandler")).isEqualTo(leaves(JobPolicy.oneTime()).keySet());
  }

  @Test
  void everyPolicyButThatOfPayloadsCanBeSaidOfAJobThatRecurs() throws Exception {
    Set<String> policies = leaves(JobPolicy.recurring()).keySet();
    policies.remove("handling.unreadable");
    assertThat(changedBy("Recurring")).isEqualTo(policies);
  }

  /** The policies that the cases of an annotation change. */
  private static Set<String> changedBy(String annotation) throws Exception {
    List<Job<?>> cases =
        READ.values().stream().filter(job -> job.name().startsWith(annotation + ".")).toList();
    JobPolicy silent = annotation.equals("Recurring") ? JobPolicy.recurring() : JobPolicy.oneTime();
    Map<String, Object> defaults = leaves(silent);
    Set<String> changed = new TreeSet<>();
    for (Job<?> job : cases) {
      leaves(job.policy())
          .forEach(
              (policy, value) -> {
                if (!value.equals(defaults.get(policy))) {
                  changed.add(policy);
                }
              });
    }
    return changed;
  }

  /** The components of a record, and of the records in it, by name. */
  private static Map<String, Object> leaves(Object policy) throws Exception {
    Map<String, Object> leaves = new TreeMap<>();
    for (RecordComponent component : policy.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(policy);
      if (value.getClass().isRecord()) {
        leaves(value).forEach((name, leaf) -> leaves.put(component.getName() + "." + name, leaf));
      } else {
        leaves.put(component.getName(), value);
      }
    }
    return leaves;
  }
}
