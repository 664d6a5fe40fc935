package dev.escapement.store;

import org.jspecify.annotations.Nullable;

/**
 * A RUNNING trigger, as the audit sees it.
 *
 * @param guard its id, version and owner
 * @param kind one-time or standing
 * @param job the job's name
 * @param key unique with the job; null for none
 * @param attempt which attempt runs
 * @param lost how many earlier attempts ended with the death of their node
 */
public record RunningTrigger(
    Guard guard, TriggerKind kind, String job, @Nullable String key, int attempt, int lost) {}
