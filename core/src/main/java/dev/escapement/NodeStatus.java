package dev.escapement;

import java.time.Instant;
import java.util.Set;

/**
 * A node's session as it was when somebody looked. A node that was declared dead goes on with
 * another session; both are told of until the old one is purged.
 *
 * @param name the node's name, for people; need not be unique
 * @param session the identity of its session
 * @param applicationVersion the version of the application that embeds it, or empty
 * @param live whether others count on it; a session that isn't live never is again
 * @param queues the queues that it serves
 * @param workers how many jobs it may run at once, as it said at its last heartbeat
 * @param running how many it ran then
 * @param startedAt when the session was opened, on the store's clock
 */
public record NodeStatus(
    String name,
    String session,
    String applicationVersion,
    boolean live,
    Set<String> queues,
    int workers,
    int running,
    Instant startedAt) {}
