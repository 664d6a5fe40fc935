package dev.escapement.examples.quickstart;

import java.time.Instant;

/**
 * A replica that was killed.
 *
 * @param replica who
 * @param at the store's clock right after it was dead
 */
record Kill(String replica, Instant at) {}
