package dev.escapement.store;

import dev.escapement.Priority;
import dev.escapement.policy.JobPolicy;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job's row, with all declarations of it that were ever seen. */
final class MemoryJob {

  private record Seen(JobDeclaration declaration, Instant first) {}

  private final String name;
  private final Map<String, Seen> seen = new HashMap<>();
  private @Nullable Seen inForce;
  private @Nullable String override;
  private boolean paused;

  MemoryJob(String name) {
    this.name = name;
  }

  void declare(JobDeclaration declaration, Instant now) {
    seen.computeIfAbsent(declaration.hash(), hash -> new Seen(declaration, laterThanAll(now)));
  }

  private Instant laterThanAll(Instant now) {
    return seen.values().stream()
        .map(earlier -> earlier.first().plusNanos(1_000))
        .filter(now::isBefore)
        .max(Comparator.naturalOrder())
        .orElse(now);
  }

  /**
   * Puts what is current in force.
   *
   * @return false if no LIVE session declares the job; nothing changed then
   */
  boolean settle(Collection<MemorySession> live) {
    Optional<Seen> current = current(live);
    current.ifPresent(declared -> inForce = declared);
    return current.isPresent();
  }

  private Optional<Seen> current(Collection<MemorySession> live) {
    return live.stream()
        .flatMap(session -> session.declarationOf(name).stream())
        .map(declaration -> seen.get(declaration.hash()))
        .max(Comparator.comparing(Seen::first));
  }

  Position.Lane lane() {
    return inForce == null
        ? new Position.Lane(JobPolicy.DEFAULT_QUEUE, Priority.NORMAL)
        : new Position.Lane(inForce.declaration().queue(), inForce.declaration().priority());
  }

  /** Returns whether that changes anything. */
  boolean override(@Nullable String schedule) {
    boolean changes = !Objects.equals(override, schedule);
    override = schedule;
    return changes;
  }

  boolean isPaused() {
    return paused;
  }

  /** Returns whether that changes anything. */
  boolean pause(boolean out) {
    boolean changes = paused != out;
    paused = out;
    return changes;
  }

  JobRecord toRecord(List<MemorySession> live) {
    return new JobRecord(
        name,
        inForce == null ? null : inForce.declaration(),
        current(live).map(Seen::declaration).orElse(null),
        override,
        paused,
        (int) live.stream().filter(session -> session.declarationOf(name).isPresent()).count(),
        inForce == null ? null : inForce.first());
  }
}
