package dev.escapement.store;

import dev.escapement.ExecutionId;
import dev.escapement.Failure;
import dev.escapement.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An ended attempt.
 *
 * @param key its identity
 * @param session who held the claim
 * @param node the name of that session's node; empty if the session's row was gone
 * @param kind what the trigger was
 * @param job the job's name
 * @param jobKey the trigger's key; null for none
 * @param attempt which attempt it was
 * @param fireTime what the schedule said
 * @param missed how many fires right before that fire time were not run; each attempt says so
 * @param due when it was due
 * @param startedAt when the handler was called; null if it never was
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param failure why it failed; null if it didn't
 * @param payload the payload, where it was kept; null otherwise
 * @param result what the handler returned, written; null for nothing
 */
public record ExecutionRecord(
    ExecutionId key,
    SessionId session,
    String node,
    TriggerKind kind,
    String job,
    @Nullable String jobKey,
    int attempt,
    Instant fireTime,
    long missed,
    Instant due,
    @Nullable Instant startedAt,
    Instant endedAt,
    Outcome outcome,
    @Nullable Failure failure,
    byte @Nullable [] payload,
    byte @Nullable [] result) {}
