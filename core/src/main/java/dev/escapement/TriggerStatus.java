package dev.escapement;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A live trigger as it was when somebody looked.
 *
 * @param id its identity
 * @param job the job's name
 * @param key its key within the job, if it has one
 * @param recurring whether it is the standing trigger of a schedule
 * @param schedule the schedule that it follows, in text, if it recurs
 * @param queue the queue it waits in
 * @param priority its priority within the queue
 * @param state never a final one
 * @param held whether it is kept aside because its job is paused, or no live node has a handler
 * @param reason why it is PAUSED, if a rule and not a person did it
 * @param fireTime what the schedule says, or the due it was enqueued with; empty for never
 * @param due when to run next; empty for never
 * @param attempt how many attempts were made for the present fire, one that runs included
 * @param claimedAt since when it runs, if it does
 * @param requested what is asked of it while it runs, in words: {@code CANCEL}, {@code PAUSE},
 *     {@code RESCHEDULE}, {@code AGAIN}; empty for nothing
 * @param payload what was enqueued
 * @param headers what was enqueued beside it, by name; empty also if it can't be read
 */
public record TriggerStatus(
    TriggerId id,
    String job,
    Optional<String> key,
    boolean recurring,
    Optional<String> schedule,
    String queue,
    Priority priority,
    TriggerState state,
    boolean held,
    Optional<String> reason,
    Optional<Instant> fireTime,
    Optional<Instant> due,
    int attempt,
    Optional<Instant> claimedAt,
    String requested,
    WrittenValue payload,
    Map<String, String> headers) {}
