/**
 * The movement. Internal: applications see {@link dev.escapement.Scheduler}.
 *
 * <h2>Who does what</h2>
 *
 * <pre>
 *  Heart ──── beats ───▶ store        one UPDATE per heartbeat, whatever runs; opens sessions
 *  Poller ─── claims ──▶ store        asks for what there is room for; sleeps to the next due
 *    │ runs
 *    ▼
 *  WorkerPool ─ Runner ─ handler      one pool for each queue; a Run is the life of one claim here
 *    │ completions
 *    ▼
 *  Completer ─ ends ───▶ store        many outcomes, one statement, one commit
 *  Ear ─────── hears ──▶ store        what is asked of the runs here, when a claim says that it is
 *  Reporter ── tells ──▶ store        how far runs have come, at most once a second
 *  Audit ── takes over ▶ store        looks at all RUNNING rows, for ever
 *    │ when sessions come and go, or a person decides
 *    ▼
 *  Declarations ───────▶ store        standing triggers follow what is declared
 * </pre>
 *
 * <h2>Trust</h2>
 *
 * <p>A session trusts itself until <i>(nanoTime before the last good beat was sent) + lease −
 * margin</i>. After that it starts nothing: others may think it dead. A later good beat restores
 * the trust. An observer calls a session dead when it has seen the same beat in at least three
 * looks over one whole lease of its own nanoTime, its own beats good all the while. The beat was
 * sent before the observer could see it, so the session has stopped trusting itself one margin
 * before the first observer can act. Wall clocks play no part; this package makes no wall-clock
 * call.
 *
 * <h2>Time</h2>
 *
 * <p>A standing trigger's row says which schedule it follows, and whoever fires it reckons with
 * that one: a node of another version neither flips it back nor fires by its own. Only {@link
 * dev.escapement.engine.Declarations} writes it, on nodes whose declaration is current, or {@link
 * dev.escapement.engine.Recurrences} for those that are made at run time. {@link
 * dev.escapement.engine.Fires} decides, without a clock, which fires run and which are counted:
 *
 * <ul>
 *   <li>At the first claim of a fire: was it due longer ago than the threshold? Then it was missed,
 *       and the misfire policy has its say before the handler runs.
 *   <li>At the end of a run: did fires pass? Then they overlap, whatever the misfire policy says;
 *       the one that follows at once is due now, and so isn't missed.
 *   <li>Where fires may overlap, the claim doesn't take the standing trigger: {@link
 *       dev.escapement.engine.Spawning} makes each fire a one-time trigger of its own.
 * </ul>
 *
 * <p>The next fire is reckoned from a fire time, never from a clock. "Now" only says which fires
 * have passed, so a clock that steps back fires nothing again.
 *
 * <h2>Wishes</h2>
 *
 * <p>Whoever cancels, pauses or reschedules a trigger that runs writes that into its row, and the
 * end of the claim honours it in the same step, whoever ends it. The holder need not know; it hears
 * of a cancel so that the handler can stop, and of a pause at the handler's next checkpoint. So
 * nothing that is asked is lost, and no success is lost to it.
 *
 * <h2>A transaction with the work in it</h2>
 *
 * <p>A transactional job's handler runs in a transaction that the engine has opened, and the end of
 * its claim is the last statement in it ({@link dev.escapement.engine.TransactedCall}). If nobody
 * knows whether it was committed, the completer writes under the same guard that it wasn't: either
 * that is true now, or the guard has gone and the history tells.
 *
 * <h2>A claim whose answer was lost</h2>
 *
 * <p>After an error the poller doesn't know whether rows are its own. It asks for others as if
 * nothing had happened; the audit finds RUNNING rows of its own session that no Run in memory
 * holds, and gives them back. Claiming and registering what was claimed is one step under {@link
 * dev.escapement.engine.Holdings}' lock, and so is the audit's look, so that a row whose answer is
 * still on its way isn't mistaken for one.
 *
 * <h2>An end whose answer was lost</h2>
 *
 * <p>The completer tries again; a row that isn't written then was either ended by the first try,
 * which the history shows, or taken over, and then the claim was lost. Nothing is dropped: an
 * outcome stays in memory, and its trigger counts as held, until one of the two is known.
 */
@NullMarked
package dev.escapement.engine;

import org.jspecify.annotations.NullMarked;
