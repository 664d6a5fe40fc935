package dev.escapement.store;

import dev.escapement.Priority;

/**
 * What a node says of a job that it knows.
 *
 * @param job the job's name
 * @param queue where its triggers wait unless a request says otherwise
 * @param priority their priority unless a request says otherwise
 */
public record JobDeclaration(String job, String queue, Priority priority) {}
