package dev.escapement.examples.quickstart;

import dev.escapement.TriggerId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger: one run of a handler.
 *
 * @param id its number
 * @param replica where it ran
 * @param attempt what the handler was told
 * @param recordedAt the store's clock when the run noted its beginning
 * @param endedAt the store's clock when it noted its end; null if its replica died before
 * @param result what it computed; null if it didn't
 * @param failure what it threw; null if it didn't
 */
record Run(
    long id,
    String replica,
    Attempt attempt,
    Instant recordedAt,
    @Nullable Instant endedAt,
    @Nullable String result,
    @Nullable String failure) {

  /**
   * What a handler was told about its attempt.
   *
   * @param trigger which trigger
   * @param job the job's name
   * @param number which attempt, from 1
   * @param token the fencing token
   * @param times when
   */
  record Attempt(TriggerId trigger, String job, int number, long token, Times times) {}

  /**
   * When an attempt ran.
   *
   * @param fireTime what the schedule said
   * @param due when it was due
   * @param startedAt when it was started
   */
  record Times(Instant fireTime, Instant due, Instant startedAt) {}

  TriggerId trigger() {
    return attempt.trigger();
  }

  String job() {
    return attempt.job();
  }

  long token() {
    return attempt.token();
  }

  Instant fireTime() {
    return attempt.times().fireTime();
  }

  Instant due() {
    return attempt.times().due();
  }

  Instant startedAt() {
    return attempt.times().startedAt();
  }

  Duration lateBy() {
    return Duration.between(due(), startedAt());
  }

  boolean succeeded() {
    return result != null;
  }

  boolean failed() {
    return failure != null;
  }
}
