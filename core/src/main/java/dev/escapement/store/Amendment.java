package dev.escapement.store;

import dev.escapement.TriggerId;
import org.jspecify.annotations.Nullable;

/**
 * A change to a standing trigger: another schedule, and what follows from it.
 *
 * @param id the trigger
 * @param version the version that the caller saw
 * @param schedule the schedule to follow from now on, in text
 * @param placement where it waits; null to leave it. Both parts must be there
 * @param payload the payload of the fires to come; null to leave it. Not copied
 * @param aim what it waits for now; null to leave it. Not looked at while the trigger is RUNNING
 */
public record Amendment(
    TriggerId id,
    long version,
    String schedule,
    NewTrigger.@Nullable Placement placement,
    byte @Nullable [] payload,
    @Nullable Aim aim) {}
