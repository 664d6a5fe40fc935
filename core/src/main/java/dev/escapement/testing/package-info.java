/**
 * For the tests of applications: {@link dev.escapement.testing.TestScheduler}, a scheduler in
 * memory whose clock the test turns.
 *
 * <h2>What is the same as in life</h2>
 *
 * <p>One node of the real engine, over the real store in memory: claims, retries, misfires,
 * overlap, pauses, cancellations and history are the production code. A job that passes here is
 * declared and enqueued as it must be.
 *
 * <h2>What isn't</h2>
 *
 * <ul>
 *   <li>Nothing happens by itself. Handlers run when the test says so, one after the other, on its
 *       thread; the kit starts none.
 *   <li>What is due runs in a fixed order: the oldest due first, and in one queue the higher
 *       priority before that. What is due at the same instant runs in the order in which it was
 *       enqueued, recurring jobs first, as they were declared.
 *   <li>Time stands still while a handler runs, unless the handler turns the clock itself.
 *   <li>Timeouts don't ring, for the one thread would have to interrupt itself.
 *   <li>Waits before retries have no jitter.
 *   <li>The history is kept for ever.
 *   <li>Nodes don't die: nothing is taken over.
 * </ul>
 */
@NullMarked
package dev.escapement.testing;

import org.jspecify.annotations.NullMarked;
