package dev.escapement;

import java.time.Instant;
import java.util.Optional;

/**
 * Which triggers are meant. Immutable; each method returns a changed copy, and what isn't said
 * isn't looked at.
 *
 * @param job of that job
 * @param key with that key; needs a job
 * @param queue in that queue
 * @param state in that state
 * @param dueFrom due then or later
 * @param dueUntil due before then
 */
public record TriggerFilter(
    Optional<String> job,
    Optional<String> key,
    Optional<String> queue,
    Optional<TriggerState> state,
    Optional<Instant> dueFrom,
    Optional<Instant> dueUntil) {

  private static final TriggerFilter ALL =
      new TriggerFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * @throws InvalidRequestException if there is a key without a job, the state is a final one, or
   *     the range of due is empty
   */
  public TriggerFilter {
    if (key.isPresent() && job.isEmpty()) {
      throw new InvalidRequestException(
          "A key is unique within a job only; say which job's key "
              + Names.quote(key.get())
              + " is meant.");
    }
    if (state.isPresent() && state.get().isFinal()) {
      throw new InvalidRequestException(
          "No trigger is " + state.get() + ", for an ended one is gone; look at the executions.");
    }
    if (dueFrom.isPresent() && dueUntil.isPresent() && !dueFrom.get().isBefore(dueUntil.get())) {
      throw new InvalidRequestException(
          "Nothing is due from " + dueFrom.get() + " until before " + dueUntil.get() + ".");
    }
  }

  /** All triggers. */
  public static TriggerFilter all() {
    return ALL;
  }

  /** Those of a job. */
  public static TriggerFilter ofJob(String job) {
    return ALL.job(job);
  }

  /** Of that job. */
  public TriggerFilter job(String name) {
    return new TriggerFilter(Optional.of(name), key, queue, state, dueFrom, dueUntil);
  }

  /** With that key. */
  public TriggerFilter key(String exactly) {
    return new TriggerFilter(job, Optional.of(exactly), queue, state, dueFrom, dueUntil);
  }

  /** In that queue. */
  public TriggerFilter queue(String name) {
    return new TriggerFilter(job, key, Optional.of(name), state, dueFrom, dueUntil);
  }

  /** In that state. */
  public TriggerFilter state(TriggerState one) {
    return new TriggerFilter(job, key, queue, Optional.of(one), dueFrom, dueUntil);
  }

  /** Due then or later. */
  public TriggerFilter dueFrom(Instant earliest) {
    return new TriggerFilter(job, key, queue, state, Optional.of(earliest), dueUntil);
  }

  /** Due before then. */
  public TriggerFilter dueUntil(Instant end) {
    return new TriggerFilter(job, key, queue, state, dueFrom, Optional.of(end));
  }
}
