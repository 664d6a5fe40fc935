package dev.escapement;

import dev.escapement.schedule.Schedule;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The face of the scheduler that enqueues. A {@link Scheduler} is one; {@link #of(Store)} makes one
 * that has no threads, for processes that enqueue and never run. Thread-safe.
 *
 * <p>Each method throws {@link InvalidRequestException} or {@link PayloadException} for what can't
 * be enqueued, and a {@link dev.escapement.store.StoreException} if the store fails. In each case
 * but {@link dev.escapement.store.UnknownCommitException} nothing was enqueued; after that one, a
 * request with a key may be repeated safely.
 */
public interface SchedulerClient {

  /** Enqueues over a store, with the default codec and limits. No threads, nothing to close. */
  static SchedulerClient of(Store store) {
    return SchedulerBuilder.client(store, PayloadCodec.json());
  }

  /** Enqueues over a store, with the codec that the nodes use. No threads, nothing to close. */
  static SchedulerClient of(Store store, PayloadCodec codec) {
    return SchedulerBuilder.client(store, codec);
  }

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

  /**
   * Makes a recurring trigger at run time, or changes it: {@code recurring(REPORT.with(tenant)
   * .key("tenant-7"), Schedules.daily(LocalTime.of(2, 0)))}. There may be thousands. Repeating the
   * same call changes nothing, so it may stand where the application starts.
   *
   * <p>Payload, queue, priority and schedule become what the request says; a queue or priority that
   * it doesn't name is the job's. A new schedule counts from now on; a fire that is due already
   * still runs, and a run that is under way goes on (if it fails, its execution keeps the new
   * payload). A PAUSED trigger is changed and stays PAUSED. The job's own policies apply, {@link
   * dev.escapement.policy.Misfire} and {@link dev.escapement.policy.Overlap} among them.
   *
   * @return CREATED, CHANGED, or KEPT if all was as requested
   * @throws InvalidRequestException if the request has no key, the key is borne by a one-time
   *     trigger, or the schedule has no text form or never fires
   */
  default Enqueued recurring(JobRequest<?> request, Schedule schedule) {
    return recurring(List.of(new Recurrence(request, schedule))).get(0);
  }

  /**
   * Makes or changes many recurring triggers in few statements, each by itself: after an exception
   * some may be written, and the call may be repeated.
   *
   * @return one answer for each, in the same order
   */
  List<Enqueued> recurring(List<Recurrence> recurrences);

  /**
   * Deletes a recurring trigger that was made at run time. A run that is under way goes on.
   *
   * @return false if there is none
   */
  boolean deleteRecurring(JobType<?> type, String key);

  /** The jobs as the cluster knows them: pause, resume, another schedule. */
  JobOperations jobs();

  /** A live trigger; empty once it has ended. */
  Optional<TriggerRecord> find(TriggerId id);

  /** The live trigger of a job with that key. */
  Optional<TriggerRecord> find(String job, String key);

  /** The standing trigger of a recurring job. */
  Optional<TriggerRecord> findStanding(String job);

  /**
   * Puts a PAUSED trigger back in service, with its attempts forgotten. A trigger is PAUSED when it
   * was quarantined: its nodes died too often while they ran it.
   *
   * @return false if no such trigger is live
   * @throws IllegalTransitionException if it is live and not PAUSED
   */
  boolean resume(TriggerId id);
}
