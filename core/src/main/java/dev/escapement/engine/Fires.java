package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.TriggerState;
import dev.escapement.policy.JobPolicy;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Aim;
import dev.escapement.store.Next;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which fires of a standing trigger run, and which are only counted. Pure: no clock, no store. Each
 * next fire is computed from a fire time; "now" only says which fires have passed.
 *
 * <p>A fire that was due longer ago than the threshold when it is claimed was <i>missed</i>, and
 * the misfire policy says what to do. Fires that passed while a run went on <i>overlap</i> it, and
 * are the overlap policy's; the fire that follows them at once is due when the run ends, so that it
 * doesn't look missed.
 *
 * @param schedule when
 * @param policy what becomes of fires that can't be fired on time
 * @param trigger what the jitter of its fires is drawn from
 * @param stale whether the present fire may be another schedule's: this one then begins after it,
 *     and has no fires before that could be missed
 */
record Fires(Schedule schedule, JobPolicy.Recurrence policy, String trigger, boolean stale) {

  /** What to do with a fire that was claimed. */
  sealed interface Start {}

  /**
   * Run this one.
   *
   * @param fireTime the claimed fire, or a later one that has passed too
   * @param notRun how many fires before it are not run, from the claimed one on
   */
  record RunFire(Instant fireTime, long notRun) implements Start {}

  /**
   * Run none.
   *
   * @param notRun how many fires aren't, the claimed one among them
   * @param latest the latest of them
   */
  record DropAll(long notRun, Instant latest) implements Start {}

  /** Whether it doesn't fire at all: its schedule is switched off, or was deleted. */
  boolean isDisabled() {
    return schedule.equals(Schedules.disabled());
  }

  /**
   * What to do with a fire that was claimed for the first time.
   *
   * @param fireTime the fire
   * @param due when it was due
   * @param now the store's clock at the claim
   */
  Start start(Instant fireTime, Instant due, Instant now) {
    if (!isLate(due, now)) {
      return new RunFire(fireTime, 0);
    }
    if (stale) {
      return policy.misfire().action() == Misfire.Action.SKIP
          ? new DropAll(1, fireTime)
          : new RunFire(fireTime, 0);
    }
    Instant latest = latest(fireTime, now);
    return switch (policy.misfire().action()) {
      case FIRE_ONCE -> new RunFire(latest, schedule.count(fireTime, latest));
      case SKIP ->
          latest.isAfter(fireTime) && !isLate(due(latest), now)
              ? new RunFire(latest, schedule.count(fireTime, latest))
              : new DropAll(1 + schedule.count(fireTime, latest), latest);
      case FIRE_ALL -> oldestWithinCap(fireTime, latest);
    };
  }

  /** When a fire was due that runs now. */
  Instant dueBy(Instant fireTime, Instant now) {
    Instant due = due(fireTime);
    return due.isAfter(now) ? now : due;
  }

  private boolean isLate(Instant due, Instant now) {
    return Duration.between(due, now).compareTo(policy.misfire().threshold()) > 0;
  }

  private RunFire oldestWithinCap(Instant fireTime, Instant latest) {
    long beyondCap = 1 + schedule.count(fireTime, latest) - policy.misfire().cap();
    return beyondCap <= 0
        ? new RunFire(fireTime, 0)
        : new RunFire(nthAfter(fireTime, beyondCap, latest), beyondCap);
  }

  /** The n-th fire after one, found by halving the time: a schedule counts faster than it steps. */
  private Instant nthAfter(Instant fireTime, long n, Instant latest) {
    Instant before = fireTime;
    Instant reached = latest;
    while (before.until(reached, ChronoUnit.MICROS) > 1) {
      Instant middle = before.plus(before.until(reached, ChronoUnit.MICROS) / 2, ChronoUnit.MICROS);
      if (schedule.count(fireTime, middle) < n) {
        before = middle;
      } else {
        reached = middle;
      }
    }
    return reached;
  }

  /**
   * What follows the last attempt of a fire; what it says was missed came during the run.
   *
   * @param fireTime the fire
   * @param claimedAt when it was claimed
   * @param endedAt when it ended
   */
  Next.Fire after(Instant fireTime, Instant claimedAt, Instant endedAt) {
    if (schedule.delayAfterCompletion().isPresent()) {
      return afterDelay(endedAt, 0);
    }
    Instant next = following(fireTime, endedAt);
    if (next == null || next.isAfter(endedAt) || isBacklog(next, claimedAt)) {
      return fireAt(next, 0);
    }
    Instant latest = latest(fireTime, endedAt);
    long passed = schedule.count(fireTime, latest);
    return policy.overlap() == Overlap.SKIP
        ? fireAt(next(latest), passed)
        : new Next.Fire(Due.at(latest), Due.now(), passed - 1);
  }

  /** A fixed delay is left to the store's clock, unless bounds or exclusions move the fire. */
  private Next.Fire afterDelay(Instant endedAt, long missed) {
    Duration delay = schedule.delayAfterCompletion().orElse(Duration.ZERO);
    Instant next = next(endedAt);
    if (next == null || !next.equals(micros(endedAt.plus(delay)))) {
      return fireAt(next, missed);
    }
    Duration jitter = schedule.delay(next, trigger);
    return new Next.Fire(Due.in(delay), Due.in(delay.plus(jitter)), missed);
  }

  /** Whether it was missed before the run began, and each missed fire is to run. */
  private boolean isBacklog(Instant next, Instant claimedAt) {
    return policy.misfire().action() == Misfire.Action.FIRE_ALL && !next.isAfter(claimedAt);
  }

  /**
   * What follows fires that are dropped without a run.
   *
   * @param now the store's clock at the claim
   */
  Next.Fire afterDropped(DropAll dropped, Instant now) {
    // The claimed fire has an execution row of its own.
    long others = dropped.notRun() - 1;
    return schedule.delayAfterCompletion().isPresent()
        ? afterDelay(now, others)
        : fireAt(following(dropped.latest(), now), others);
  }

  private Next.Fire fireAt(@Nullable Instant fireTime, long missed) {
    return fireTime == null
        ? new Next.Fire(null, null, missed)
        : new Next.Fire(Due.at(fireTime), Due.at(due(fireTime)), missed);
  }

  /** What a trigger waits for that is about to be made. */
  Aim first(Instant now) {
    return aimAt(withinTime(schedule.first(now).orElse(null)));
  }

  /**
   * What a trigger waits for now that its schedule has become this one. The new schedule counts
   * from now on: its fires that passed before weren't its own to miss.
   *
   * @return null to leave it: what is due already, or waits for a retry, isn't lost by the change
   */
  @Nullable Aim anew(TriggerRecord row, Instant now) {
    Instant fireTime = row.fireTime();
    // One that was called off is done with.
    boolean over = fireTime != null && fireTime.equals(row.lastFire());
    boolean pending = fireTime != null && !over && (!fireTime.isAfter(now) || row.attempt() > 0);
    if (pending || row.state() == TriggerState.RUNNING) {
      return null;
    }
    if (isDisabled()) {
      return Aim.NEVER;
    }
    Instant last = row.lastFire();
    if (fireTime == null || last == null) {
      return first(now);
    }
    // After a fire that was called off all others come, also those that have passed since.
    Aim aim = aimAt(next(over ? last : latest(last, now)));
    if (over) {
      return aim;
    }
    // A fixed delay counts from a fire that may lie further back than it is long.
    boolean passed = aim.due() != null && aim.due().isBefore(now);
    return passed ? new Aim(aim.fireTime(), now) : aim;
  }

  private Aim aimAt(@Nullable Instant fireTime) {
    return fireTime == null ? Aim.NEVER : new Aim(fireTime, due(fireTime));
  }

  /** When a fire is due. */
  Instant due(Instant fireTime) {
    Instant due = micros(fireTime.plus(schedule.delay(fireTime, trigger)));
    return due.isAfter(Due.LATEST) ? Due.LATEST : due;
  }

  /**
   * The fire after one. After a fire that may be another schedule's, only those to come count.
   *
   * @param now tells which ones have passed
   */
  @Nullable Instant following(Instant fireTime, Instant now) {
    return next(stale ? latest(fireTime, now) : fireTime);
  }

  /** The latest fire that has passed; the given one if none has since. */
  Instant latest(Instant fireTime, Instant now) {
    return schedule.latest(fireTime, now).map(Fires::micros).orElse(fireTime);
  }

  /**
   * The fire after one; null for never.
   *
   * @throws FaultyScheduleException if the schedule says that it isn't later
   */
  @Nullable Instant next(Instant fireTime) {
    Instant next = withinTime(schedule.next(fireTime).orElse(null));
    if (next != null && !next.isAfter(fireTime)) {
      throw new FaultyScheduleException(schedule, next, fireTime);
    }
    return next;
  }

  /** In microseconds; null for what is beyond the years that a store keeps. */
  private static @Nullable Instant withinTime(@Nullable Instant fireTime) {
    return fireTime == null || fireTime.isAfter(Due.LATEST) ? null : micros(fireTime);
  }

  private static Instant micros(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }
}
