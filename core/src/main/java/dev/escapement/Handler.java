package dev.escapement;

/**
 * The code of a job. Runs on a worker thread, possibly in several threads at once for different
 * triggers. An attempt that returns has SUCCEEDED; one that throws, whatever it throws, has FAILED
 * and is retried as the job's policy says. What a job returns, {@link ResultHandler} keeps.
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface Handler<T> {

  /**
   * Runs one attempt.
   *
   * @param payload what was enqueued
   * @param context this attempt
   * @throws Exception to end the attempt as FAILED
   */
  void run(T payload, JobContext context) throws Exception;

  /** The code of a job that takes no payload. */
  @FunctionalInterface
  interface WithoutPayload {
    /**
     * Runs one attempt.
     *
     * @param context this attempt
     * @throws Exception to end the attempt as FAILED
     */
    void run(JobContext context) throws Exception;
  }
}
