package dev.escapement;

import org.jspecify.annotations.Nullable;

/**
 * A payload that cannot be written, cannot be read back, or is too large. Thrown at enqueue, where
 * nothing was enqueued then; at run time it ends the attempt as the job's {@link
 * dev.escapement.policy.UnreadablePayload} policy says.
 */
public final class PayloadException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, where, and what to do
   * @param cause what the codec said, if it said anything
   */
  public PayloadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
