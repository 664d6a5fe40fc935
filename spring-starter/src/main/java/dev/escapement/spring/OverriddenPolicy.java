package dev.escapement.spring;

import dev.escapement.Job;
import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.JobPolicy.Handling;
import dev.escapement.policy.JobPolicy.Limits;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Retry;
import dev.escapement.policy.Waits;
import dev.escapement.policy.Waits.Growth;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What properties say of a job's policies; what they don't say is as in the code. Each throws
 * {@link dev.escapement.InvalidDeclarationException} where that can't be.
 */
final class OverriddenPolicy {

  private OverriddenPolicy() {}

  private static <V> V or(@Nullable V said, V otherwise) {
    return said == null ? otherwise : said;
  }

  private static Optional<Duration> or(@Nullable Duration said, Optional<Duration> otherwise) {
    return said == null ? otherwise : Optional.of(said);
  }

  static <T> Job<T> limited(Job<T> job, JobProperties given) {
    Limits code = job.policy().limits();
    return job.policy(
        job.policy()
            .limited(
                new Limits(
                    or(given.timeout(), code.timeout()),
                    or(given.abandonAfter(), code.abandonAfter()),
                    or(given.maxLateness(), code.maxLateness()))));
  }

  static <T> Job<T> retried(Job<T> job, JobProperties.Retry given) {
    Retry code = job.policy().retry();
    return job.retry(
        new Retry(
            or(given.maxAttempts(), code.maxAttempts()),
            waits(given, code.waits()),
            or(given.maxAge(), code.maxAge()),
            code.rules()));
  }

  /** Another growth begins with the defaults of its own. */
  private static Waits waits(JobProperties.Retry given, Waits code) {
    Duration initial = or(given.initial(), code.initial());
    Growth growth = or(given.growth(), code.growth());
    Waits base = growth == code.growth() ? code : standard(growth, initial);
    Duration max = base.max().compareTo(initial) < 0 ? initial : base.max();
    return new Waits(
        growth,
        initial,
        or(given.factor(), base.factor()),
        or(given.max(), max),
        or(given.jitter(), base.jitter()));
  }

  private static Waits standard(Growth growth, Duration initial) {
    Retry standard =
        switch (growth) {
          case FIXED -> Retry.fixed(initial);
          case LINEAR -> Retry.linear(initial);
          case EXPONENTIAL -> Retry.exponential(initial);
        };
    return standard.waits();
  }

  static <T> Job<T> missed(Job<T> job, JobProperties.Misfire given) {
    Misfire code = job.policy().recurrence().misfire();
    return job.misfire(
        new Misfire(
            or(given.action(), code.action()),
            or(given.cap(), code.cap()),
            or(given.threshold(), code.threshold())));
  }

  static <T> Job<T> overlapping(Job<T> job, JobProperties given) {
    JobPolicy.Recurrence code = job.policy().recurrence();
    return job.policy(
        job.policy()
            .recurrence(
                new JobPolicy.Recurrence(
                    code.misfire(),
                    or(given.overlap(), code.overlap()),
                    or(given.maxOverlap(), code.atMost()))));
  }

  static <T> Job<T> handled(Job<T> job, JobProperties given) {
    Handling code = job.policy().handling();
    return job.policy(
        job.policy()
            .interruptOnLeaseLoss(or(given.interruptOnLeaseLoss(), code.interruptOnLeaseLoss()))
            .transactional(or(given.transactional(), code.transactional()))
            .history(or(given.history(), code.history())));
  }
}
