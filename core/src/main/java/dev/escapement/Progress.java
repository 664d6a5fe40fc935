package dev.escapement;

import java.time.Instant;

/**
 * How far a run has come, as its handler says.
 *
 * @param done how much is done
 * @param total how much there is; 0 for unknown
 * @param message in words; empty for none. At most 500 characters
 * @param at when it was written, on the store's clock
 */
public record Progress(long done, long total, String message, Instant at) {}
