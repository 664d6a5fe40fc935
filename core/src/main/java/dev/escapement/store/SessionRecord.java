package dev.escapement.store;

import java.time.Instant;
import java.util.Set;

/**
 * A session as the store holds it.
 *
 * @param id its identity
 * @param node the node's name
 * @param applicationVersion the version of the application, or empty
 * @param live whether it is LIVE; DEAD otherwise, for ever
 * @param beat how often it has beaten
 * @param queues the queues that it serves
 * @param load what it did at its last beat
 * @param startedAt when it was opened
 */
public record SessionRecord(
    SessionId id,
    String node,
    String applicationVersion,
    boolean live,
    long beat,
    Set<String> queues,
    NodeLoad load,
    Instant startedAt) {}
