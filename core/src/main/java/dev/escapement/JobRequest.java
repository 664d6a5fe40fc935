package dev.escapement;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One value that says everything about a trigger to be: {@code
 * SEND_INVOICE.with(invoice).key("inv-42").at(instant).priority(HIGH)}. Immutable; each method
 * returns a changed copy.
 *
 * @param <T> the payload
 */
public final class JobRequest<T> {

  private final JobType<T> type;
  private final @Nullable T payload;
  private final Due due;
  private final @Nullable String key;
  private final Placement placement;
  private final OnConflict onConflict;
  private final Map<String, String> headers;

  private record Placement(@Nullable String queue, @Nullable Priority priority) {}

  private JobRequest(
      JobType<T> type,
      @Nullable T payload,
      Due due,
      @Nullable String key,
      Placement placement,
      OnConflict onConflict,
      Map<String, String> headers) {
    this.type = type;
    this.payload = payload;
    this.due = due;
    this.key = key;
    this.placement = placement;
    this.onConflict = onConflict;
    this.headers = headers;
  }

  static <T> JobRequest<T> of(JobType<T> type, @Nullable T payload) {
    if (payload == null && type.takesPayload()) {
      throw refused(type, "takes a " + type.payload().getName() + "; use with(payload)");
    }
    if (payload != null && !type.takesPayload()) {
      throw refused(type, "takes no payload; use request()");
    }
    if (payload != null && !type.payload().isInstance(payload)) {
      throw refused(
          type, "takes a " + type.payload().getName() + ", not a " + payload.getClass().getName());
    }
    return new JobRequest<>(
        type, payload, Due.now(), null, new Placement(null, null), OnConflict.KEEP, Map.of());
  }

  private static InvalidRequestException refused(JobType<?> type, String why) {
    return new InvalidRequestException("Job " + Names.quote(type.name()) + " " + why + ".");
  }

  /**
   * Makes the trigger unique: at most one live trigger of this job bears the key. What becomes of a
   * request for a key that is live, {@link #onConflict} says.
   *
   * @param key 1 to 200 characters, no control characters, not beginning with {@code $}
   * @throws InvalidRequestException if the key isn't allowed
   */
  public JobRequest<T> key(String key) {
    return new JobRequest<>(
        type, payload, due, Names.key(key, type.name()), placement, onConflict, headers);
  }

  /**
   * What the request does if a live trigger of the job bears its key already. Default: {@link
   * OnConflict#KEEP}. May be said before the {@link #key}; of a request without one it says
   * nothing.
   */
  public JobRequest<T> onConflict(OnConflict answer) {
    Objects.requireNonNull(answer, "onConflict");
    return new JobRequest<>(type, payload, due, key, placement, answer, headers);
  }

  /**
   * Due at an instant. Default: now.
   *
   * @throws InvalidRequestException if it lies before 1970 or after the year 9999
   */
  public JobRequest<T> at(Instant instant) {
    return new JobRequest<>(type, payload, Due.at(instant), key, placement, onConflict, headers);
  }

  /**
   * Due so long from now, by the store's clock. Default: zero.
   *
   * @throws InvalidRequestException if the delay is negative
   */
  public JobRequest<T> after(Duration delay) {
    return new JobRequest<>(type, payload, Due.in(delay), key, placement, onConflict, headers);
  }

  /**
   * The queue to wait in. Default: the queue that the job's nodes declare, or {@code default}.
   *
   * @throws InvalidRequestException if the name isn't allowed
   */
  public JobRequest<T> queue(String queue) {
    return placed(new Placement(Names.requestedQueue(queue, type.name()), placement.priority()));
  }

  /** The priority. Default: the one that the job's nodes declare, or NORMAL. */
  public JobRequest<T> priority(Priority priority) {
    Objects.requireNonNull(priority, "priority");
    return placed(new Placement(placement.queue(), priority));
  }

  /**
   * A small text that travels beside the payload and is there on each attempt, like a trace or a
   * tenant; see {@link JobContext#headers()}. One of the same name is replaced. An {@link
   * EnqueueInterceptor} adds it to each request.
   *
   * @param name 1 to 120 characters, no control characters
   * @param value at most 1,000 characters, may be empty
   * @throws InvalidRequestException if name or value isn't allowed, or all headers together,
   *     written as in a URL, have more than 4,096 bytes
   */
  public JobRequest<T> header(String name, String value) {
    Map<String, String> more = Headers.with(headers, name, value, type.name());
    return new JobRequest<>(type, payload, due, key, placement, onConflict, more);
  }

  private JobRequest<T> placed(Placement other) {
    return new JobRequest<>(type, payload, due, key, other, onConflict, headers);
  }

  /** Which job. */
  public JobType<T> type() {
    return type;
  }

  /** The payload, if the job takes one. */
  public Optional<T> payload() {
    return Optional.ofNullable(payload);
  }

  /** When. */
  public Due due() {
    return due;
  }

  /** The key, if one was given. */
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  /** What to do if the key is taken; KEEP as long as there is no key. */
  public OnConflict onConflict() {
    return key == null ? OnConflict.KEEP : onConflict;
  }

  /** The queue, if one was given. */
  public Optional<String> queue() {
    return Optional.ofNullable(placement.queue());
  }

  /** The priority, if one was given. */
  public Optional<Priority> priority() {
    return Optional.ofNullable(placement.priority());
  }

  /** The headers by name, in the order in which they were given. Unmodifiable. */
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public String toString() {
    return "JobRequest[" + type.name() + (key == null ? "" : " key=" + key) + " due=" + due + "]";
  }
}
