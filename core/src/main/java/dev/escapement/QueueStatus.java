package dev.escapement;

import java.time.Duration;
import java.util.Optional;

/**
 * A queue as it was when somebody looked.
 *
 * @param name its name
 * @param paused whether a person took it out of service
 * @param nodes how many live nodes serve it
 * @param due how many triggers in it are due and could run
 * @param oldestDue how long the first of them has been due; empty if none is
 */
public record QueueStatus(
    String name, boolean paused, int nodes, Count due, Optional<Duration> oldestDue) {}
