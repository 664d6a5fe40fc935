package dev.escapement.policy;

/**
 * What becomes of a trigger whose payload a node can't read, as may happen in a rollout. In no case
 * is the payload lost.
 */
public enum UnreadablePayload {
  /** A failed attempt like any other, retried by the job's retry policy. The default. */
  RETRY,
  /** Given back for a while, without counting an attempt: a newer node will read it. */
  RELEASE,
  /** FAILED at once; the execution row keeps the payload. */
  FAIL
}
