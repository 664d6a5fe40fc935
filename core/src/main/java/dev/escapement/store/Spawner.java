package dev.escapement.store;

/**
 * A standing trigger that is due and doesn't run itself.
 *
 * @param trigger its row; it isn't claimed
 * @param children how many one-time triggers that it has spawned haven't ended
 */
public record Spawner(TriggerRecord trigger, int children) {}
