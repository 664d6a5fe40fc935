package dev.escapement;

import org.jspecify.annotations.Nullable;

/**
 * Stands around each call of a handler, on its thread: for tracing, logging contexts, the identity
 * that the job acts under. The first one registered is the outermost. Must be thread-safe.
 *
 * <pre>{@code
 * (context, invocation) -> {
 *   try (var ignored = MDC.putCloseable("job", context.job())) {
 *     return invocation.proceed();
 *   }
 * }
 * }</pre>
 *
 * <p>An interceptor calls {@link Invocation#proceed()} once, and lets what that throws pass: what
 * comes out of the outermost interceptor is how the attempt ends. One that doesn't call it ends the
 * attempt with what it returns itself, and the handler is never called. Its time counts as the
 * run's: the timeout is over it too, and what it throws is a failure like the handler's own.
 */
@FunctionalInterface
public interface ExecutionInterceptor {

  /**
   * Stands around one attempt.
   *
   * @param context the attempt, as the handler sees it
   * @param invocation the interceptors within this one, and then the handler
   * @return the result of the attempt; what {@code proceed()} returned, or something in its place
   * @throws Exception to end the attempt as FAILED
   */
  @Nullable Object around(JobContext context, Invocation invocation) throws Exception;

  /** What an interceptor stands around. */
  @FunctionalInterface
  interface Invocation {
    /**
     * Goes on to the handler.
     *
     * @return what the handler returned; null for nothing
     * @throws IllegalStateException if it was called before
     * @throws Exception what the handler threw
     */
    @Nullable Object proceed() throws Exception;
  }
}
