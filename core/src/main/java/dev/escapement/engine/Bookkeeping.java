package dev.escapement.engine;

/**
 * Where what happens is told.
 *
 * @param counters sums
 * @param listeners the application's
 */
record Bookkeeping(Counters counters, Listeners listeners) {}
