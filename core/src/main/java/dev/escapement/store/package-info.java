/**
 * The Store SPI: what a database must do so that exactly one replica fires each trigger.
 *
 * <h2>The facts a store keeps</h2>
 *
 * <ul>
 *   <li><b>Triggers</b>: one row for each live trigger; see {@link
 *       dev.escapement.store.TriggerRecord}. A pair (job, key) is unique among live triggers that
 *       have a key. A standing trigger's row carries the text of its schedule, its last fire time,
 *       and how many fires before the next one are not run.
 *   <li><b>Sessions</b>: one row for each life of a node, with the jobs that it has handlers for.
 *   <li><b>Jobs</b>: what nodes declare of a job, which declaration is in force, and what people
 *       decide about it; see {@link dev.escapement.store.Jobs}.
 *   <li><b>Executions</b>: one row for each claim that ended and is to be recorded, and for each
 *       waiting trigger that was cancelled; append-only.
 *   <li><b>Requests</b>: what is asked of a trigger while it runs, in its own row; see {@link
 *       dev.escapement.store.Requests}. A counter grows when a holder should hear of one.
 *   <li><b>Checkpoints</b>: what runs leave for the attempts after them; see {@link
 *       dev.escapement.store.Checkpoints}.
 *   <li><b>Queues</b>: which ones are paused; see {@link dev.escapement.store.Queues}.
 *   <li><b>Epoch</b>: grows whenever a session opens, is declared dead or closes, and whenever a
 *       person decides something about a job.
 * </ul>
 *
 * <h2>The rules</h2>
 *
 * <ol>
 *   <li><b>One clock.</b> Everything that is "now" is the store's own clock, in microseconds. No
 *       method takes the caller's.
 *   <li><b>The guard.</b> A claim raises the trigger's version; (id, version, owner) is the {@link
 *       dev.escapement.store.Guard} of every later write by the holder. A write whose guard doesn't
 *       match changes nothing and says so. Versions only grow, ids are never used again.
 *   <li><b>Only an end raises it again.</b> While a trigger is RUNNING, nothing but the end of its
 *       claim raises the version.
 *   <li><b>Each method is one atomic step</b>, durable when it returns. It throws {@link
 *       dev.escapement.store.TransientStoreException} if nothing changed and trying again may help,
 *       {@link dev.escapement.store.UnknownCommitException} if it may or may not have happened,
 *       {@link dev.escapement.store.StoreException} for what won't go away by itself.
 *   <li><b>Every call ends.</b> A store bounds each call in time.
 *   <li><b>Losing a race is normal</b>: it shows as a row that isn't in the answer, never as an
 *       exception.
 * </ol>
 *
 * <p>Whether a session is live is one bit here; who may flip it is the engine's business. A DEAD
 * session never comes back: a node that finds its row DEAD starts a new session.
 *
 * <p>The conformance suite, in core's test jar, shows all of this for a store with a subclass of
 * some forty lines.
 */
@NullMarked
package dev.escapement.store;

import org.jspecify.annotations.NullMarked;
