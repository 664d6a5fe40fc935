package dev.escapement;

import java.util.Objects;

/**
 * The typed name of a job: what who enqueues and who runs have in common. Make it a constant:
 *
 * <pre>{@code
 * static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);
 * }</pre>
 *
 * @param name 1 to 120 characters, no control characters; the same on every replica, for ever
 * @param payload the class of the payload, {@code Void.class} for none
 * @param <T> the payload
 */
public record JobType<T>(String name, Class<T> payload) {

  /**
   * @throws InvalidDeclarationException if the name isn't allowed or the payload is a primitive
   */
  public JobType {
    Names.job(name);
    Objects.requireNonNull(payload, "payload");
    if (payload.isPrimitive()) {
      throw new InvalidDeclarationException(
          "Job "
              + Names.quote(name)
              + " can't take a primitive "
              + payload
              + "; name its wrapper class.");
    }
  }

  /** A job that takes a payload. */
  public static <T> JobType<T> of(String name, Class<T> payload) {
    return new JobType<>(name, payload);
  }

  /** A job that takes no payload. */
  public static JobType<Void> of(String name) {
    return new JobType<>(name, Void.class);
  }

  /** A request to run this job now with the payload; say more with the request's own methods. */
  public JobRequest<T> with(T payload) {
    return JobRequest.of(this, Objects.requireNonNull(payload, "payload"));
  }

  /**
   * A request to run this job now, for a job that takes no payload.
   *
   * @throws InvalidRequestException if this job takes a payload
   */
  public JobRequest<T> request() {
    return JobRequest.of(this, null);
  }

  /** Whether the job takes a payload at all. */
  public boolean takesPayload() {
    return payload != Void.class;
  }
}
