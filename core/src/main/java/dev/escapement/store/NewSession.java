package dev.escapement.store;

import java.util.List;
import java.util.Set;

/**
 * A session that starts.
 *
 * @param id its identity
 * @param node the node's name, for people
 * @param applicationVersion the version of the application that embeds it, or empty
 * @param queues the queues that it serves
 * @param jobs the jobs that it has handlers for
 */
public record NewSession(
    SessionId id,
    String node,
    String applicationVersion,
    Set<String> queues,
    List<JobDeclaration> jobs) {}
