/**
 * The schedulers that are measured, all behind one {@link dev.escapement.speed.peer.Peer}: they
 * make their tables, take the same jobs and run the same work, each with its best documented
 * settings or with its defaults. Whoever adds another adds a class here and a line in {@link
 * dev.escapement.speed.peer.Peers}.
 */
@NullMarked
package dev.escapement.speed.peer;

import org.jspecify.annotations.NullMarked;
