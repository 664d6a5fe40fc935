package dev.escapement;

import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The policies that an annotation says, as it says them. */
record SaidPolicy(
    String queue,
    Priority priority,
    SaidLimits limits,
    SaidRetry retry,
    JobPolicy.Handling handling,
    JobPolicy.Recurrence recurrence) {

  static SaidPolicy of(JobHandler said) {
    return new SaidPolicy(
        said.queue(),
        said.priority(),
        new SaidLimits(said.timeout(), said.abandonAfter(), said.maxLateness()),
        new SaidRetry(
            said.maxAttempts(),
            said.backoff(),
            said.maxRetryAge(),
            List.<Class<? extends Throwable>>of(said.notRetryOn())),
        new JobPolicy.Handling(
            said.interruptOnLeaseLoss(),
            said.transactional(),
            said.onUnreadablePayload(),
            said.history()),
        recurrence(said.misfire(), said.overlap(), said.maxOverlap()));
  }

  static SaidPolicy of(Recurring said) {
    return new SaidPolicy(
        said.queue(),
        said.priority(),
        new SaidLimits(said.timeout(), said.abandonAfter(), said.maxLateness()),
        new SaidRetry(
            said.maxAttempts(),
            said.backoff(),
            said.maxRetryAge(),
            List.<Class<? extends Throwable>>of(said.notRetryOn())),
        new JobPolicy.Handling(
            said.interruptOnLeaseLoss(),
            said.transactional(),
            JobPolicy.Handling.standard().unreadable(),
            said.history()),
        recurrence(said.misfire(), said.overlap(), said.maxOverlap()));
  }

  private static JobPolicy.Recurrence recurrence(OnMisfire misfire, Overlap overlap, int atMost) {
    Duration threshold = Durations.parse(misfire.threshold(), "@OnMisfire(threshold)");
    return new JobPolicy.Recurrence(
        new Misfire(misfire.value(), misfire.cap(), threshold), overlap, atMost);
  }

  /**
   * What is said, and the defaults of its kind of job for the rest.
   *
   * @throws InvalidDeclarationException if something that is said can't be
   */
  JobPolicy on(JobPolicy defaults) {
    return new JobPolicy(
        new JobPolicy.Placement(Names.queue(queue), priority),
        retry.read(defaults.retry().maxAttempts()),
        limits.read(),
        handling,
        recurrence);
  }

  private static Optional<Duration> optional(String text, String place) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Durations.parse(text, place));
  }

  private record SaidLimits(String timeout, String abandonAfter, String maxLateness) {

    JobPolicy.Limits read() {
      return new JobPolicy.Limits(
          optional(timeout, "The timeout"),
          optional(abandonAfter, "abandonAfter"),
          optional(maxLateness, "maxLateness"));
    }
  }

  private record SaidRetry(
      int maxAttempts, Backoff backoff, String maxAge, List<Class<? extends Throwable>> notOn) {

    /** What an annotation says that says nothing of it; waits that don't double have none. */
    private static final double UNSAID_FACTOR = 2;

    Retry read(int defaultAttempts) {
      if (maxAttempts < 0) {
        throw new InvalidDeclarationException(
            "maxAttempts can't be "
                + maxAttempts
                + "; make it at least 1, or leave it away for "
                + defaultAttempts
                + ".");
      }
      Retry retry = waits().maxAttempts(maxAttempts == 0 ? defaultAttempts : maxAttempts);
      for (Class<? extends Throwable> type : notOn) {
        retry = retry.notOn(type);
      }
      return optional(maxAge, "maxRetryAge").map(retry::maxAge).orElse(retry);
    }

    private Retry waits() {
      Duration initial = Durations.parse(backoff.initial(), "@Backoff(initial)");
      Retry waits =
          switch (backoff.growth()) {
            case FIXED -> Retry.fixed(initial);
            case LINEAR -> Retry.linear(initial);
            case EXPONENTIAL -> Retry.exponential(initial);
          };
      if (backoff.factor() != UNSAID_FACTOR) {
        waits = waits.factor(backoff.factor());
      }
      return optional(backoff.max(), "@Backoff(max)")
          .map(waits::cappedAt)
          .orElse(waits)
          .jitter(backoff.jitter());
    }
  }
}
