package dev.escapement;

/**
 * Sees each request before it is enqueued, on the caller's thread, and may add to it: a trace that
 * the run is to go on with, the tenant, the identity that the job acts under. Must be thread-safe.
 *
 * <pre>{@code
 * request -> request.header("tenant", Tenants.current())
 * }</pre>
 *
 * <p>What it throws passes to the caller, and nothing is enqueued. It doesn't see what makes a
 * recurring trigger, for that outlives whoever declares it, nor what is run again from the history.
 * The run's side is an {@link ExecutionInterceptor}, which reads {@link JobContext#headers()}.
 */
@FunctionalInterface
public interface EnqueueInterceptor {

  /**
   * Sees one request.
   *
   * @return what is enqueued, or what the next interceptor sees: the request, or a changed copy of
   *     it. One for another job is refused with an {@link InvalidRequestException}
   */
  JobRequest<?> before(JobRequest<?> request);
}
