package dev.escapement;

import dev.escapement.schedule.Schedule;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The face of the scheduler that enqueues, looks and decides. A {@link Scheduler} is one; {@link
 * #of(Store)} makes one that has no threads, for processes that never run jobs. Thread-safe.
 *
 * <p>Each method throws a {@link dev.escapement.store.StoreException} if the store fails.
 */
public interface SchedulerClient extends Enqueuing {

  /**
   * Enqueues over a store, with the defaults. No threads, nothing to close. With more to say, see
   * {@link SchedulerBuilder#client()}.
   */
  static SchedulerClient of(Store store) {
    return Scheduler.builder().store(store).client();
  }

  /**
   * Enqueues in the caller's database transaction: the triggers exist if and only if it commits.
   *
   * <pre>{@code
   * connection.setAutoCommit(false);
   * orders.insert(connection, order);
   * scheduler.using(connection).enqueue(SEND_CONFIRMATION, order.id());
   * connection.commit();
   * scheduler.wakeUp(); // or leave it: nodes look by themselves once per poll interval
   * }</pre>
   *
   * <p>A key that is taken doesn't spoil the transaction. What is returned is for the thread that
   * owns the connection; it neither commits nor closes it.
   *
   * @param connection to the database that the store is in, not in autocommit
   * @throws NoTransactionsException if the store has none; enqueuing throws it if the connection is
   *     in autocommit
   */
  Enqueuing using(Connection connection);

  /**
   * Tells all nodes that something may be due. Only a hint, and only of use after the commit of a
   * transaction that enqueued with {@link #using}; whatever else enqueues gives it by itself.
   */
  void wakeUp();

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
   * <p>Headers aren't kept: a trace ends long before the trigger does, and a new one in each call
   * would be a change in each. So the request's are left out, and no {@link EnqueueInterceptor} is
   * asked.
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

  /** The live triggers: look, cancel, pause, resume, run now, reschedule, one or many. */
  TriggerOperations triggers();

  /** The queues: look, pause, resume. */
  QueueOperations queues();

  /** The nodes that share the store. */
  NodeOperations nodes();

  /** The history: look, and run again what has failed. */
  ExecutionOperations executions();

  /**
   * Waits until a one-time trigger has ended for good, and returns its last execution, with what
   * its handler returned. Looks at the store once in a while, and at once when it ends in this
   * process; a waiting thread costs at most a few small reads a second.
   *
   * @param timeout how long to wait at most
   * @throws TimeoutException if it hasn't ended by then; it goes on
   * @throws InvalidRequestException if there is no such trigger and no execution of it (its job may
   *     keep no history), or it recurs and so never ends
   */
  Execution await(TriggerId id, Duration timeout) throws InterruptedException, TimeoutException;

  /**
   * Why a trigger doesn't run, in one sentence with figures, like {@code Trigger … of job "mail" is
   * due since 40s and waits for a worker: 312 are due in queue "mail"; the 2 nodes that serve it
   * run 20 jobs with 20 workers.}
   */
  Explanation explain(TriggerId id);
}
