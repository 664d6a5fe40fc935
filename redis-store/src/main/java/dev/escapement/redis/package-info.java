/**
 * The store on Redis, 6.2 and newer, through Lettuce.
 *
 * <h2>The protocol</h2>
 *
 * <p>Each operation of the Store SPI is one Lua script, so that it is one atomic step: Redis runs
 * nothing else while a script runs. A script is loaded once and called by its digest. It compares
 * the guard itself, reads Redis's clock, and never writes to a trigger's row that it hasn't read:
 * under memory pressure a Redis that evicts keys would otherwise be given a fragment of a row,
 * whose version begins at 1 again.
 *
 * <p>The scripts lie beside this package's classes. Each opens with its keys, its arguments and its
 * answers; {@code tables.lua}, {@code jobs.lua} and {@code history.lua} say which keys there are.
 *
 * <h2>Bounds</h2>
 *
 * <p>Redis does one thing at a time, so a script that runs for long stops everybody. Claims and
 * ends go out in parts of a hundred, one behind the other on one connection, without waiting in
 * between; a script that walks an index reads it a page at a time, and stops at a bound. An enqueue
 * goes out whole, for it is all or none: whoever enqueues thousands in one call has all others wait
 * for tens of milliseconds.
 *
 * <h2>What Redis can lose</h2>
 *
 * <p>An answer means that the master has it in memory. What a crash or a failover loses then is up
 * to how Redis is set up; {@link dev.escapement.redis.RedisStore} says what that comes to.
 */
@NullMarked
package dev.escapement.redis;

import org.jspecify.annotations.NullMarked;
