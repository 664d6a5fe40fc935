package dev.escapement.store;

import java.util.Objects;
import java.util.UUID;

/**
 * One life of a node. New at every start, never used again.
 *
 * @param value the UUID that stores keep
 */
public record SessionId(UUID value) {

  /** Stands in executions that no session held. */
  public static final SessionId NONE = new SessionId(new UUID(0, 0));

  /** Refuses null. */
  public SessionId {
    Objects.requireNonNull(value, "value");
  }

  /** A new id. */
  public static SessionId next() {
    return new SessionId(UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
