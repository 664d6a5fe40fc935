package dev.escapement.store;

import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All rows, their indexes, and the lock. Whoever touches any of it does so within {@link
 * #atomically}. A trigger's row is changed only through {@link #change}, which keeps the indexes
 * true.
 */
final class MemoryTables {

  private record JobKey(String job, String key) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final InstantSource clock;

  private final Map<TriggerId, MemoryTrigger> triggers = new HashMap<>();
  private final Map<JobKey, MemoryTrigger> byKey = new HashMap<>();
  final MemoryLanes lanes = new MemoryLanes();
  final MemoryGroups<SessionId> running = new MemoryGroups<>();
  final MemoryGroups<String> parked = new MemoryGroups<>();
  final MemoryGroups<TriggerId> children = new MemoryGroups<>();

  final Map<SessionId, MemorySession> sessions = new LinkedHashMap<>();
  final Map<String, MemoryJob> jobs = new TreeMap<>();
  final TreeMap<ExecutionId, ExecutionRecord> executions = new TreeMap<>();
  final Map<TriggerId, MemoryCheckpoints.Row> checkpoints = new HashMap<>();
  final Set<String> pausedQueues = new HashSet<>();
  long epoch;
  long requests;

  MemoryTables(InstantSource clock) {
    this.clock = clock;
  }

  <T> T atomically(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }

  void atomically(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  boolean isLive(SessionId id) {
    MemorySession session = sessions.get(id);
    return session != null && session.isLive();
  }

  /** The name of the node whose session that is; empty if its row is gone. */
  String nodeOf(SessionId id) {
    MemorySession session = sessions.get(id);
    return session == null ? "" : session.node();
  }

  List<MemorySession> liveSessions() {
    return sessions.values().stream().filter(MemorySession::isLive).toList();
  }

  /** The row of a job, made if it isn't there. */
  MemoryJob job(String name) {
    return jobs.computeIfAbsent(name, MemoryJob::new);
  }

  /** Puts a job's current declaration in force, and moves its declared standing trigger. */
  void settle(String name) {
    MemoryJob job = jobs.get(name);
    if (job == null || !job.settle(liveSessions())) {
      return;
    }
    MemoryTrigger standing = trigger(name, TriggerKind.STANDING_KEY);
    if (standing != null && standing.kind == TriggerKind.STANDING) {
      change(standing, row -> row.move(job.lane()));
    }
  }

  Stream<MemoryTrigger> triggers() {
    return triggers.values().stream();
  }

  List<MemoryTrigger> triggersOf(String job) {
    return triggers().filter(trigger -> trigger.job.equals(job)).toList();
  }

  @Nullable MemoryTrigger trigger(TriggerId id) {
    return triggers.get(id);
  }

  @Nullable MemoryTrigger trigger(String job, String key) {
    return byKey.get(new JobKey(job, key));
  }

  /** The trigger whose claim the guard proves; null if it isn't held any more. */
  @Nullable MemoryTrigger held(Guard guard) {
    MemoryTrigger trigger = triggers.get(guard.id());
    return trigger != null && trigger.isHeldBy(guard) ? trigger : null;
  }

  void insert(MemoryTrigger trigger) {
    triggers.put(trigger.id, trigger);
    if (trigger.key != null) {
      byKey.put(new JobKey(trigger.job, trigger.key), trigger);
    }
    index(trigger);
  }

  void change(MemoryTrigger trigger, Consumer<MemoryTrigger> transition) {
    unindex(trigger);
    transition.accept(trigger);
    index(trigger);
  }

  void remove(MemoryTrigger trigger) {
    unindex(trigger);
    triggers.remove(trigger.id);
    if (trigger.key != null) {
      byKey.remove(new JobKey(trigger.job, trigger.key));
    }
  }

  private void index(MemoryTrigger trigger) {
    lanes.add(trigger);
    running.add(trigger.owner(), trigger);
    parked.add(trigger.parkedJob(), trigger);
    children.add(trigger.parent, trigger);
  }

  private void unindex(MemoryTrigger trigger) {
    lanes.remove(trigger);
    running.remove(trigger.owner(), trigger);
    parked.remove(trigger.parkedJob(), trigger);
    children.remove(trigger.parent, trigger);
  }
}
