package dev.escapement.testing;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A live one-time trigger, as a test sees it.
 *
 * @param id its identity
 * @param job the job's name
 * @param payload what was enqueued, read back through the codec; null for a job that takes none
 * @param headers what was enqueued beside it, by name; empty for none
 * @param key its key within the job, if it has one
 * @param due when it runs next
 * @param queue the queue it waits in
 * @param priority its priority within the queue
 * @param state never a final one
 * @param attempt how many attempts were made already
 * @param <T> the payload
 */
public record EnqueuedJob<T>(
    TriggerId id,
    String job,
    T payload,
    Map<String, String> headers,
    Optional<String> key,
    Instant due,
    String queue,
    Priority priority,
    TriggerState state,
    int attempt) {

  /** What tells it from others, for messages. */
  @Override
  public String toString() {
    return "%s%s%s%s due %s%s%s"
        .formatted(
            job,
            payload == null ? "" : " " + payload,
            headers.isEmpty() ? "" : " headers " + headers,
            key.map(own -> " key \"" + own + "\"").orElse(""),
            due,
            state == TriggerState.SCHEDULED ? "" : " " + state,
            attempt == 0 ? "" : ", " + attempt + " attempts made");
  }
}
