package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A place in the list of triggers.
 *
 * @param due when the trigger is due; null for never
 * @param id the trigger
 */
public record TriggerPlace(@Nullable Instant due, TriggerId id) {}
