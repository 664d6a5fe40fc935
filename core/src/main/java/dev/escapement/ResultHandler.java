package dev.escapement;

import org.jspecify.annotations.Nullable;

/**
 * The code of a job that has something to say when it has succeeded. As {@link Handler}, but what
 * it returns is written as payloads are ({@link PayloadCodec}) and kept with the execution, as long
 * as that is kept. A result that can't be written, or is larger than a payload may be, isn't kept;
 * that is logged, and the attempt has succeeded all the same.
 *
 * @param <T> the payload
 */
@FunctionalInterface
public interface ResultHandler<T> {

  /**
   * Runs one attempt.
   *
   * @param payload what was enqueued
   * @param context this attempt
   * @return the result; null for none
   * @throws Exception to end the attempt as FAILED
   */
  @Nullable Object run(T payload, JobContext context) throws Exception;

  /** The code of a job that takes no payload. */
  @FunctionalInterface
  interface WithoutPayload {
    /**
     * Runs one attempt.
     *
     * @param context this attempt
     * @return the result; null for none
     * @throws Exception to end the attempt as FAILED
     */
    @Nullable Object run(JobContext context) throws Exception;
  }
}
