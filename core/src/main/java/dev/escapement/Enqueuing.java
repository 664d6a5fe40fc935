package dev.escapement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Enqueues. Thread-safe, unless it came from {@link SchedulerClient#using}.
 *
 * <p>Each method throws {@link InvalidRequestException} or {@link PayloadException} for what can't
 * be enqueued, {@link DuplicateKeyException} for a request that says so of its key, and a {@link
 * dev.escapement.store.StoreException} if the store fails. In each case but {@link
 * dev.escapement.store.UnknownCommitException} nothing was enqueued; after that one, a request with
 * a key may be repeated safely.
 */
@FunctionalInterface
public interface Enqueuing {

  /** Runs a job now. */
  default <T> Enqueued enqueue(JobType<T> type, T payload) {
    return submit(type.with(payload));
  }

  /** Runs a job that takes no payload now. */
  default Enqueued enqueue(JobType<Void> type) {
    return submit(type.request());
  }

  /** Runs a job so long from now, by the store's clock. */
  default <T> Enqueued schedule(JobType<T> type, T payload, Duration delay) {
    return submit(type.with(payload).after(delay));
  }

  /** Runs a job at an instant; one that has passed is now. */
  default <T> Enqueued schedule(JobType<T> type, T payload, Instant at) {
    return submit(type.with(payload).at(at));
  }

  /** Runs a job that takes no payload so long from now, by the store's clock. */
  default Enqueued schedule(JobType<Void> type, Duration delay) {
    return submit(type.request().after(delay));
  }

  /** Runs a job that takes no payload at an instant; one that has passed is now. */
  default Enqueued schedule(JobType<Void> type, Instant at) {
    return submit(type.request().at(at));
  }

  /** Enqueues what the request says. */
  default Enqueued submit(JobRequest<?> request) {
    return submitAll(List.of(request)).get(0);
  }

  /**
   * Enqueues many in few statements, all or none.
   *
   * @return one answer for each, in the same order
   */
  List<Enqueued> submitAll(List<? extends JobRequest<?>> requests);
}
