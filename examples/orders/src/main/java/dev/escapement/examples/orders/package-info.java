/**
 * The orders: a small shop over one database, and what goes wrong in a shop.
 *
 * <p>{@link dev.escapement.examples.orders.Shop} and {@link dev.escapement.examples.orders.Export}
 * are the jobs, {@link dev.escapement.examples.orders.Till} enqueues, {@link
 * dev.escapement.examples.orders.Office} is a process that runs the export: what an application
 * writes. {@link dev.escapement.examples.orders.ShopStory} and {@link
 * dev.escapement.examples.orders.ExportStory} are the order of events, and {@link
 * dev.escapement.examples.orders.Promises} holds what is in the tables at the end against what was
 * promised.
 *
 * <pre>
 *  Orders ── ShopStory ── Till, Shop ──────────┐
 *     └───── ExportStory ── Offices            ├── one database
 *                             ║ starts, kills  │
 *                           Office ── Export ──┘
 * </pre>
 */
@NullMarked
package dev.escapement.examples.orders;

import org.jspecify.annotations.NullMarked;
