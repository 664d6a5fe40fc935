package dev.escapement.engine;

import dev.escapement.Job;
import dev.escapement.TriggerId;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the standing triggers follow what is declared, and knows which jobs this node may claim.
 *
 * <p>A node whose declaration of a job is current, or a person's override, says what schedule the
 * job's standing trigger follows; it is written into the trigger's row, and whoever fires it goes
 * by the row. So a node of an older version neither flips it back nor fires by the older schedule.
 */
final class Declarations {

  private static final Logger LOG = LoggerFactory.getLogger(Declarations.class);
  private static final byte[] NOTHING = {};
  static final String DISABLED = Schedules.disabled().identity();
  private static final int STALE_BATCH = 1_000;

  /** How often a change may lose against others' before it is left for the next look. */
  private static final int ROUNDS = 5;

  private final Store store;
  private final JobRegistry registry;
  private final ScheduleReader schedules;

  private volatile boolean outdated = true;
  private volatile Set<String> claimable = Set.of();
  private volatile Set<String> spawning = Set.of();
  private volatile Set<String> pausedQueues = Set.of();

  Declarations(Store store, JobRegistry registry, ScheduleReader schedules) {
    this.store = store;
    this.registry = registry;
    this.schedules = schedules;
  }

  /** The jobs that this node has handlers for and that aren't paused. */
  Set<String> claimable() {
    return claimable;
  }

  /** Those of them whose standing triggers don't run themselves. */
  Set<String> spawning() {
    return spawning;
  }

  /** The queues that nothing is claimed from. */
  Set<String> pausedQueues() {
    return pausedQueues;
  }

  /** Sessions have come or gone, or a person has decided something. */
  void changed() {
    outdated = true;
  }

  /**
   * Looks again, if something has changed since.
   *
   * @return whether it did: other triggers may be claimable now
   */
  boolean refreshIfChanged() {
    boolean changed = outdated;
    if (changed) {
      refresh();
    }
    return changed;
  }

  /** Looks at all jobs, and makes the standing triggers of those that are known here follow. */
  void refresh() {
    outdated = false;
    try {
      Map<String, JobRecord> known = new HashMap<>();
      for (JobRecord job : store.jobs().all()) {
        if (registry.names().contains(job.name())) {
          known.put(job.name(), job);
        }
      }
      settle(known);
      follow(known);
      claimable =
          registry.names().stream()
              .filter(name -> !isPaused(known.get(name)))
              .collect(Collectors.toUnmodifiableSet());
      spawning = spawners(claimable);
      pausedQueues = Set.copyOf(store.queues().paused());
    } catch (RuntimeException e) {
      outdated = true;
      throw e;
    }
  }

  private static boolean isPaused(@Nullable JobRecord job) {
    return job != null && job.paused();
  }

  private Set<String> spawners(Set<String> names) {
    return registry.all().stream()
        .filter(job -> job.policy().recurrence().overlap() == Overlap.ALLOW)
        .map(Job::name)
        .filter(names::contains)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void settle(Map<String, JobRecord> known) {
    Set<String> unsettled =
        known.values().stream()
            .filter(job -> job.current() != null && !job.current().equals(job.inForce()))
            .map(JobRecord::name)
            .collect(Collectors.toSet());
    if (!unsettled.isEmpty()) {
      store.jobs().settle(unsettled);
    }
  }

  /** What the standing trigger of a job is to follow; null if it is not to be there. */
  private record Wanted(Job<?> job, @Nullable String schedule) {}

  private void follow(Map<String, JobRecord> known) {
    Map<TriggerName, Wanted> wanted = new HashMap<>();
    for (JobDeclaration own : registry.declarations()) {
      JobRecord job = known.get(own.job());
      if (job != null && own.equals(job.current())) {
        boolean overridden = own.schedule() != null && job.override() != null;
        String schedule = overridden ? job.override() : own.schedule();
        wanted.put(
            TriggerName.ofDeclared(own.job()), new Wanted(registry.get(own.job()), schedule));
      }
    }
    for (int round = 0; !wanted.isEmpty(); round++) {
      if (round == ROUNDS) {
        LOG.debug("The standing triggers of {} change too fast; left for later", wanted.keySet());
        outdated = true;
        return;
      }
      wanted.keySet().removeAll(make(wanted));
    }
  }

  /** Makes the triggers follow; returns those that do, or can't. */
  private Set<TriggerName> make(Map<TriggerName, Wanted> wanted) {
    Set<TriggerName> done = new HashSet<>(wanted.keySet());
    Map<TriggerName, TriggerRecord> rows = new HashMap<>();
    store.triggers().find(List.copyOf(wanted.keySet())).forEach(row -> rows.put(row.name(), row));
    Instant now = store.now();
    List<NewTrigger> fresh = new ArrayList<>();
    Map<TriggerId, Amendment> amendments = new HashMap<>();
    wanted.forEach(
        (name, want) -> {
          TriggerRecord row = rows.get(name);
          try {
            if (row == null) {
              fresh.addAll(standing(want, now));
            } else {
              Amendment amendment = amendment(want, row, now);
              if (amendment != null) {
                amendments.put(row.id(), amendment);
              }
            }
          } catch (RuntimeException | Error e) {
            // One job's fault keeps no node from starting.
            LOG.error(
                "The schedule of {} threw; its standing trigger stays as it is",
                want.job(),
                Printable.of(e));
          }
        });
    if (!fresh.isEmpty()) {
      store.triggers().enqueue(fresh);
    }
    if (!amendments.isEmpty()) {
      Set<TriggerId> amended = store.triggers().amend(List.copyOf(amendments.values()));
      rows.values().stream()
          .filter(row -> amendments.containsKey(row.id()) && !amended.contains(row.id()))
          .forEach(row -> done.remove(row.name()));
      rows.values().stream()
          .filter(row -> amended.contains(row.id()))
          .forEach(row -> tell(row, amendments.get(row.id())));
    }
    return done;
  }

  private static void tell(TriggerRecord row, @Nullable Amendment amendment) {
    if (amendment != null) {
      LOG.info(
          "The standing trigger of job \"{}\" now follows \"{}\" instead of \"{}\"",
          row.job(),
          amendment.schedule(),
          row.schedule());
    }
  }

  /** None if the job doesn't recur, or never fires. */
  private List<NewTrigger> standing(Wanted want, Instant now) {
    if (want.schedule() == null) {
      return List.of();
    }
    Fires fires = schedules.fires(want.job(), TriggerKind.STANDING_KEY, want.schedule(), false);
    Aim first = fires.first(now);
    if (first.equals(Aim.NEVER)) {
      if (!fires.isDisabled()) {
        LOG.warn("The schedule of {} never fires again", want.job());
      }
      return List.of();
    }
    return List.of(
        NewTrigger.standing(
            TriggerName.ofDeclared(want.job().name()),
            NewTrigger.Placement.OF_JOB,
            want.schedule(),
            first,
            NOTHING));
  }

  /** Null if the trigger follows already. */
  private @Nullable Amendment amendment(Wanted want, TriggerRecord row, Instant now) {
    String schedule = want.schedule() == null ? DISABLED : want.schedule();
    if (schedule.equals(row.schedule()) || row.kind() != TriggerKind.STANDING) {
      return null;
    }
    Fires fires = schedules.fires(want.job(), row.key(), schedule, false);
    // A row of an older version follows the same schedule, and only doesn't say so.
    boolean unsaid = row.schedule() == null && row.attempt() == 0 && !fires.isDisabled();
    Aim aim = unsaid ? new Aim(row.fireTime(), row.due()) : fires.anew(row, now);
    return new Amendment(row.id(), row.version(), schedule, null, null, aim);
  }

  /** Sees to triggers whose schedule was changed while they ran. */
  void tend() {
    List<TriggerRecord> stale = store.triggers().stale(STALE_BATCH);
    if (stale.isEmpty()) {
      return;
    }
    Instant now = store.now();
    List<Amendment> amendments = new ArrayList<>();
    for (TriggerRecord row : stale) {
      if (isDeleted(row)) {
        store.triggers().delete(row.id(), row.version());
      } else {
        Amendment amendment = aimedAnew(row, now);
        if (amendment != null) {
          amendments.add(amendment);
        }
      }
    }
    if (!amendments.isEmpty()) {
      store.triggers().amend(amendments);
    }
  }

  /** Whether it was made at run time, and deleted while it ran. */
  private static boolean isDeleted(TriggerRecord row) {
    return DISABLED.equals(row.schedule()) && !TriggerKind.STANDING_KEY.equals(row.key());
  }

  private @Nullable Amendment aimedAnew(TriggerRecord row, Instant now) {
    Job<?> job = registry.find(row.job()).orElse(null);
    String schedule = row.schedule();
    if (job == null || schedule == null) {
      return null;
    }
    try {
      Aim aim = schedules.fires(job, row.key(), schedule, false).anew(row, now);
      return aim == null ? null : new Amendment(row.id(), row.version(), schedule, null, null, aim);
    } catch (UnreadableScheduleException e) {
      LOG.debug("Trigger {} is left to a node of another version", row.id(), e);
      return null;
    } catch (RuntimeException | Error e) {
      LOG.error("The schedule of trigger {} threw; it stays as it is", row.id(), Printable.of(e));
      return null;
    }
  }
}
