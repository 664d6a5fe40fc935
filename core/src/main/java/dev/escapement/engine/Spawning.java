package dev.escapement.engine;

import dev.escapement.Failure;
import dev.escapement.Job;
import dev.escapement.TriggerId;
import dev.escapement.policy.Misfire;
import dev.escapement.store.Aim;
import dev.escapement.store.Next;
import dev.escapement.store.Spawn;
import dev.escapement.store.Spawner;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires standing triggers whose fires may overlap: each fire becomes a one-time trigger of its own,
 * and the standing one moves on. Confined to the poller's thread.
 */
final class Spawning {

  private static final Logger LOG = LoggerFactory.getLogger(Spawning.class);

  /** How long missed fires that are all to run wait for room. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Store store;
  private final JobRegistry registry;
  private final ScheduleReader schedules;
  private final Counters counters;

  Spawning(Store store, JobRegistry registry, ScheduleReader schedules, Counters counters) {
    this.store = store;
    this.registry = registry;
    this.schedules = schedules;
    this.counters = counters;
  }

  /**
   * Fires those that nobody else fires first, each apart from the others' faults.
   *
   * @throws StoreException the first fault of the store, when all have been tried
   */
  void fire(List<Spawner> spawners, Instant now) {
    StoreException fault = null;
    for (Spawner spawner : spawners) {
      try {
        fire(spawner, now);
      } catch (StoreException e) {
        fault = fault == null ? e : fault;
      }
    }
    if (fault != null) {
      throw fault;
    }
  }

  private void fire(Spawner spawner, Instant now) {
    TriggerRecord row = spawner.trigger();
    Job<?> job = registry.get(row.job());
    Plan plan;
    try {
      plan = plan(schedules.fires(job, row.key(), row.schedule(), row.stale()), spawner, now);
    } catch (UnreadableScheduleException e) {
      LOG.warn("Trigger {} is left to others for a while", row.id(), Printable.of(e));
      plan = later(row, now.plus(Verdict.UNREADABLE_PAUSE));
    } catch (RuntimeException | Error e) {
      LOG.error("The schedule of trigger {} threw; it is paused", row.id(), Printable.of(e));
      Failure failure = Failure.of(e);
      String reason = "Its schedule threw: " + failure.type() + ": " + failure.message();
      store.triggers().pause(row.id(), row.version(), new Next.Pause(reason));
      return;
    }
    if (store.triggers().spawn(plan.spawn())) {
      counters.spawned.add(plan.spawn().children().size());
      counters.missed.add(plan.missed());
      counters.overlapped.add(plan.overlapped());
      if (plan.missed() > 0) {
        LOG.warn("{} fires of job \"{}\" were missed", plan.missed(), row.job());
      }
    }
  }

  private static Plan later(TriggerRecord row, Instant due) {
    Aim again = new Aim(row.fireTime(), due);
    return new Plan(spawn(row, row.lastFire(), again, row.missed(), List.of()), 0, 0);
  }

  /**
   * What to write.
   *
   * @param missed how many fires aren't run because nobody could fire them in time
   * @param overlapped how many aren't run because too many run already
   */
  record Plan(Spawn spawn, long missed, long overlapped) {}

  /** Pure: which fires run now, and what comes next. */
  static Plan plan(Fires fires, Spawner spawner, Instant now) {
    TriggerRecord row = spawner.trigger();
    Instant fireTime = present(row.fireTime());
    if (fires.isDisabled()) {
      return new Plan(spawn(row, fireTime, Aim.NEVER, row.missed() + 1, List.of()), 1, 0);
    }
    // The row's due may be later, for it has waited for room; that makes it no less late.
    Fires.Start start = fires.start(fireTime, fires.due(fireTime), now);
    if (start instanceof Fires.DropAll drop) {
      long before = row.missed() + drop.notRun();
      Aim next = aim(fires, fires.following(drop.latest(), now));
      return new Plan(spawn(row, drop.latest(), next, before, List.of()), drop.notRun(), 0);
    }
    Fires.RunFire first = (Fires.RunFire) start;
    int room = Math.max(0, fires.policy().atMost() - spawner.children());
    List<Spawn.Child> children = new ArrayList<>();
    long before = row.missed() + first.notRun();
    Instant last = first.fireTime();
    Instant fire = first.fireTime();
    while (fire != null && !fire.isAfter(now) && children.size() < room) {
      children.add(new Spawn.Child(TriggerId.next(), fire, fires.due(fire), before));
      before = 0;
      last = fire;
      fire = next(fires, fire, now);
    }
    if (fire == null || fire.isAfter(now)) {
      return new Plan(spawn(row, last, aim(fires, fire), before, children), first.notRun(), 0);
    }
    return beyondRoom(fires, row, new Rest(fire, before, children), first.notRun(), now);
  }

  /**
   * The fires that there is no room for.
   *
   * @param from the first of them
   */
  private record Rest(Instant from, long before, List<Spawn.Child> children) {}

  private static Plan beyondRoom(
      Fires fires, TriggerRecord row, Rest rest, long missed, Instant now) {
    Instant lastRun =
        rest.children().isEmpty()
            ? row.lastFire()
            : rest.children().get(rest.children().size() - 1).fireTime();
    if (fires.policy().misfire().action() == Misfire.Action.FIRE_ALL) {
      Aim wait = new Aim(rest.from(), now.plus(PATIENCE));
      return new Plan(spawn(row, lastRun, wait, rest.before(), rest.children()), missed, 0);
    }
    Instant latest = fires.latest(rest.from(), now);
    long dropped = 1 + fires.schedule().count(rest.from(), latest);
    return new Plan(
        spawn(
            row,
            latest,
            aim(fires, fires.following(latest, now)),
            rest.before() + dropped,
            rest.children()),
        missed,
        dropped);
  }

  /** A fixed delay has no completion to count from here; it counts from now. */
  private static @Nullable Instant next(Fires fires, Instant fireTime, Instant now) {
    return fires.schedule().delayAfterCompletion().isPresent()
        ? fires.next(now)
        : fires.following(fireTime, now);
  }

  private static Aim aim(Fires fires, @Nullable Instant fireTime) {
    return fireTime == null ? Aim.NEVER : new Aim(fireTime, fires.due(fireTime));
  }

  private static Spawn spawn(
      TriggerRecord row,
      @Nullable Instant lastFire,
      Aim next,
      long missed,
      List<Spawn.Child> children) {
    return new Spawn(row.id(), row.version(), lastFire, next, missed, List.copyOf(children));
  }

  private static Instant present(@Nullable Instant instant) {
    if (instant == null) {
      throw new IllegalStateException("A due trigger has a fire time");
    }
    return instant;
  }
}
