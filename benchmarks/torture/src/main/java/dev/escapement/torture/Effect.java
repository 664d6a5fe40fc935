package dev.escapement.torture;

import java.util.UUID;

/**
 * What a transactional job wrote in its transaction.
 *
 * @param id the trigger that wrote it
 * @param child what it enqueued in the same transaction
 */
record Effect(UUID id, UUID child) {}
