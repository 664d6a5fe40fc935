package dev.escapement.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session's row and its transitions. */
final class MemorySession {

  private final NewSession opened;
  private final Instant startedAt;
  private long beat;
  private NodeLoad load = new NodeLoad(0, 0);
  private @Nullable Instant deadSince;

  MemorySession(NewSession opened, Instant now) {
    this.opened = opened;
    this.startedAt = now;
  }

  SessionId id() {
    return opened.id();
  }

  String node() {
    return opened.node();
  }

  long lastBeat() {
    return beat;
  }

  boolean isLive() {
    return deadSince == null;
  }

  boolean isDeadSinceBefore(Instant instant) {
    return deadSince != null && deadSince.isBefore(instant);
  }

  boolean knows(String job) {
    return declarationOf(job).isPresent();
  }

  Optional<JobDeclaration> declarationOf(String job) {
    return opened.jobs().stream().filter(known -> known.job().equals(job)).findFirst();
  }

  void beat(NodeLoad current) {
    beat++;
    load = current;
  }

  void die(Instant now) {
    deadSince = now;
  }

  SessionRecord toRecord() {
    return new SessionRecord(
        opened.id(),
        opened.node(),
        opened.applicationVersion(),
        isLive(),
        beat,
        opened.queues(),
        load,
        startedAt);
  }
}
