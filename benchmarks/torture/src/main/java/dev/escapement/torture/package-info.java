/**
 * The torture run: replicas as real processes over a real database, hurt while they work, and an
 * account at the end that must balance to the last row.
 *
 * <pre>
 *                 hurts            stdin, stdout, signals
 *  Torture ─ Fault ──────── Fleet ═══════════════════════ Replica ─ Jobs
 *     │                       │                           │      │
 *     │ enqueues           Proxy ══════ its network ══════╯      │ notes each run
 *     ├─ Workload             │                                  │
 *     │               DatabaseServer ─ Witness                 Ledger
 *     │                              │                           │
 *     ╰────────── Balance ◀── Books ─┴───────────────────────────╯
 * </pre>
 *
 * <p>Three accounts are kept that know nothing of each other. The <i>ledger</i> is what handlers
 * say of their own runs, over a connection of their own, which no fault touches. The <i>witness</i>
 * is a database trigger that notes each change of a trigger's row in the transaction that makes it.
 * The <i>history</i> is the library's own. {@link dev.escapement.torture.Balance} holds them
 * against each other and against what was done to whom.
 */
@NullMarked
package dev.escapement.torture;

import org.jspecify.annotations.NullMarked;
