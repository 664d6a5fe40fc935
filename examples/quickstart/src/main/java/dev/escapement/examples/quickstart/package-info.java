/**
 * The quickstart: several replicas of one application, each a process, over one database, and one
 * of them killed in the middle of a job. Or the same replicas, running the lines of a crontab.
 *
 * <p>{@link dev.escapement.examples.quickstart.Jobs} or {@link
 * dev.escapement.examples.quickstart.CrontabJobs}, and {@link
 * dev.escapement.examples.quickstart.Replica}, are what an application writes. All the rest
 * watches: it starts and kills the replicas, and holds what they noted in a ledger of their own
 * against what the scheduler promises. With {@code --redis} the store is there, and the ledger
 * alone in the database.
 *
 * <pre>
 *  Quickstart ── Demo, CrontabDemo ── Supervisor ═══ stdin, stdout ═══ Replica ── Jobs, CrontabJobs
 *                      │                                                  │
 *                      └───────────── Ledger, Store ── one database ──────┘
 * </pre>
 */
@NullMarked
package dev.escapement.examples.quickstart;

import org.jspecify.annotations.NullMarked;
