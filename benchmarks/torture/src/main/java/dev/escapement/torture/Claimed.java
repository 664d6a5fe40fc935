package dev.escapement.torture;

import java.util.UUID;

/**
 * What a claim is known by.
 *
 * @param id the trigger
 * @param version the version that the claim gave it
 */
record Claimed(UUID id, long version) {}
