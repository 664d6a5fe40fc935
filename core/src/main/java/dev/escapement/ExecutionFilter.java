package dev.escapement;

import java.time.Instant;
import java.util.Optional;

/**
 * Which executions are meant. Immutable; each method returns a changed copy, and what isn't said
 * isn't looked at.
 *
 * @param job of that job
 * @param key with that key; needs a job
 * @param outcome that ended so
 * @param from claimed then or later, on the store's clock
 * @param until claimed before then
 */
public record ExecutionFilter(
    Optional<String> job,
    Optional<String> key,
    Optional<Outcome> outcome,
    Optional<Instant> from,
    Optional<Instant> until) {

  private static final ExecutionFilter ALL =
      new ExecutionFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws InvalidRequestException if there is a key without a job, or the range is empty
   */
  public ExecutionFilter {
    if (key.isPresent() && job.isEmpty()) {
      throw new InvalidRequestException(
          "A key is unique within a job only; say which job's key "
              + Names.quote(key.get())
              + " is meant.");
    }
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      throw new InvalidRequestException(
          "Nothing was claimed from " + from.get() + " until before " + until.get() + ".");
    }
  }

  /** All executions. */
  public static ExecutionFilter all() {
    return ALL;
  }

  /** Those of a job. */
  public static ExecutionFilter ofJob(String job) {
    return ALL.job(job);
  }

  /** Of that job. */
  public ExecutionFilter job(String name) {
    return new ExecutionFilter(Optional.of(name), key, outcome, from, until);
  }

  /** With that key. */
  public ExecutionFilter key(String exactly) {
    return new ExecutionFilter(job, Optional.of(exactly), outcome, from, until);
  }

  /** That ended so. */
  public ExecutionFilter outcome(Outcome one) {
    return new ExecutionFilter(job, key, Optional.of(one), from, until);
  }

  /** Claimed then or later. */
  public ExecutionFilter from(Instant earliest) {
    return new ExecutionFilter(job, key, outcome, Optional.of(earliest), until);
  }

  /** Claimed before then. */
  public ExecutionFilter until(Instant end) {
    return new ExecutionFilter(job, key, outcome, from, Optional.of(end));
  }
}
