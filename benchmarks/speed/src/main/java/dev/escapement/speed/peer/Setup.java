package dev.escapement.speed.peer;

import dev.escapement.speed.measure.Database;

/**
 * What a peer is given.
 *
 * @param database an empty one
 * @param work what every job does
 * @param tuning how to set up the replicas
 * @param padding how many characters each payload has besides its due
 */
public record Setup(Database database, Work work, Tuning tuning, int padding) {}
