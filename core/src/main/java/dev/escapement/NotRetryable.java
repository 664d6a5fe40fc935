package dev.escapement;

/**
 * Marks an exception that no further attempt can mend: an attempt that ends with one, or with one
 * as a cause, is the last. For exceptions that aren't yours, see {@link
 * dev.escapement.policy.Retry#notOn}.
 */
public interface NotRetryable {}
