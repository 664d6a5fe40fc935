package dev.escapement;

import java.time.Instant;
import java.util.Optional;

/**
 * A job as the cluster knows it.
 *
 * @param name the job's name
 * @param queue where its triggers wait unless a request says otherwise
 * @param priority their priority unless a request says otherwise
 * @param schedule the schedule that its code declares, in text; empty if it doesn't recur
 * @param override the schedule that a person put in its place
 * @param paused whether a person took it out of service
 * @param nodes how many live nodes have a handler for it; with none its triggers wait
 * @param declaredAt when its present declaration was first seen, on the store's clock; empty if no
 *     node ever declared it
 */
public record JobStatus(
    String name,
    String queue,
    Priority priority,
    Optional<String> schedule,
    Optional<String> override,
    boolean paused,
    int nodes,
    Optional<Instant> declaredAt) {}
