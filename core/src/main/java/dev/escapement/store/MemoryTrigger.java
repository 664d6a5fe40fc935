package dev.escapement.store;

import static java.util.Objects.requireNonNull;

import dev.escapement.Due;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A trigger's row and its transitions. */
final class MemoryTrigger {

  final TriggerId id;
  final TriggerKind kind;
  final String job;
  final @Nullable String key;
  final @Nullable TriggerId parent;
  private byte[] payload;
  private @Nullable String headers;

  /** Empty unless it is RUNNING. */
  final MemoryAsked asked = new MemoryAsked();

  private Position.Lane lane;
  private TriggerState state = TriggerState.SCHEDULED;
  private final Set<Hold> holds = EnumSet.noneOf(Hold.class);
  private @Nullable Instant fireTime;
  private @Nullable Instant due;
  private long version;
  private int attempt;
  private int lost;
  private @Nullable SessionId owner;
  private @Nullable Instant claimedAt;
  private @Nullable String reason;
  private @Nullable String schedule;
  private @Nullable Instant lastFire;
  private long missed;
  private boolean stale;

  MemoryTrigger(NewTrigger made, Position.Lane lane, Instant now) {
    this.id = made.id();
    this.kind = made.kind();
    this.job = made.job();
    this.key = made.key();
    this.lane = lane;
    this.payload = made.payload();
    this.headers = made.headers();
    this.parent = null;
    this.due = made.due().resolve(now);
    this.fireTime = due;
    NewTrigger.Standing standing = made.standing();
    if (standing != null) {
      this.schedule = standing.schedule();
      this.fireTime = standing.fireTime().truncatedTo(ChronoUnit.MICROS);
    }
  }

  private MemoryTrigger(MemoryTrigger parent, Spawn.Child child) {
    this.id = child.id();
    this.kind = TriggerKind.ONE_TIME;
    this.job = parent.job;
    this.key = null;
    this.lane = parent.lane;
    this.payload = parent.payload;
    this.headers = parent.headers;
    this.parent = parent.id;
    this.fireTime = child.fireTime().truncatedTo(ChronoUnit.MICROS);
    this.due = child.due().truncatedTo(ChronoUnit.MICROS);
    this.missed = child.missed();
  }

  Position.Lane lane() {
    return lane;
  }

  @Nullable SessionId owner() {
    return owner;
  }

  @Nullable Instant due() {
    return due;
  }

  TriggerPlace place() {
    return new TriggerPlace(due, id);
  }

  long version() {
    return version;
  }

  TriggerState state() {
    return state;
  }

  /** From when on it may be claimed; null while it may not. */
  @Nullable Instant candidateFrom() {
    return mayRun() ? due : null;
  }

  /** Its job, if it is held back. */
  @Nullable String parkedJob() {
    return holds.isEmpty() ? null : job;
  }

  Set<Hold> holds() {
    return Set.copyOf(holds);
  }

  boolean mayRun() {
    return state == TriggerState.SCHEDULED && holds.isEmpty();
  }

  boolean isStale() {
    return stale && state != TriggerState.RUNNING;
  }

  /** Whether the time of the fire that it waits for has come. */
  boolean hasFired(Instant now) {
    return due != null && fireTime != null && !fireTime.isAfter(now);
  }

  boolean fires(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS).equals(fireTime);
  }

  boolean isHeldBy(Guard guard) {
    return state == TriggerState.RUNNING
        && version == guard.version()
        && guard.owner().equals(owner);
  }

  void move(Position.Lane declared) {
    lane = declared;
  }

  void claim(SessionId session, Instant now) {
    state = state.become(TriggerState.RUNNING);
    version++;
    attempt++;
    owner = session;
    claimedAt = now;
  }

  void advance(Aim later, long notRun) {
    aimAt(later);
    missed += notRun;
  }

  Honoured honour(Completion completion) {
    return Honoured.of(completion.next(), completion.ending().outcome(), asked.kinds(), kind);
  }

  /** Ends the claim of a trigger that stays. */
  void end(Next next, Honoured honoured, Instant now) {
    version++;
    owner = null;
    claimedAt = null;
    state = state.become(requireNonNull(honoured.state()));
    reason = honoured.reason();
    if (next instanceof Next.Recover) {
      lost++;
    }
    switch (honoured.fate()) {
      case AS_SAID -> follow(next, now);
      case RESCHEDULED -> {
        follow(next, now);
        due = asked.due();
      }
      case OVER -> endFire();
      case AGAIN -> {
        runAgain();
        if (next instanceof Next.Remove || next instanceof Next.Fire) {
          lost = 0;
        }
      }
    }
    asked.clear();
  }

  private void follow(Next next, Instant now) {
    if (next instanceof Next.Retry retry) {
      due = retry.due().resolve(now);
    } else if (next instanceof Next.Release release) {
      attempt--;
      due = release.due() == null ? due : release.due().resolve(now);
    } else if (next instanceof Next.Fire fire) {
      lastFire = fireTime;
      fireTime = resolve(fire.fireTime(), now);
      due = resolve(fire.due(), now);
      missed = fire.missed();
      forgetAttempts();
    }
  }

  private void endFire() {
    lastFire = fireTime;
    due = null;
    missed = 0;
    stale = true;
    forgetAttempts();
  }

  private void runAgain() {
    if (kind == TriggerKind.STANDING) {
      lastFire = fireTime;
    }
    byte[] requested = asked.payload();
    if (requested != null) {
      payload = requested;
      headers = asked.headers();
    }
    fireTime = asked.due();
    due = fireTime;
    attempt = 0;
    missed = 0;
  }

  private static @Nullable Instant resolve(@Nullable Due at, Instant now) {
    return at == null ? null : at.resolve(now);
  }

  void amend(Amendment amendment) {
    stale |= !amendment.schedule().equals(schedule);
    schedule = amendment.schedule();
    NewTrigger.Placement placement = amendment.placement();
    if (placement != null) {
      lane =
          new Position.Lane(
              requireNonNull(placement.queue()), requireNonNull(placement.priority()));
    }
    byte[] written = amendment.payload();
    if (written != null) {
      payload = written;
    }
    if (state != TriggerState.RUNNING) {
      version++;
      Aim aim = amendment.aim();
      if (aim != null) {
        aimAt(aim);
        forgetAttempts();
        stale = false;
      }
    }
  }

  private void aimAt(Aim aim) {
    fireTime = micros(aim.fireTime());
    due = micros(aim.due());
  }

  MemoryTrigger spawn(Spawn.Child child) {
    return new MemoryTrigger(this, child);
  }

  void spawned(Spawn spawn) {
    version++;
    lastFire = micros(spawn.lastFire());
    aimAt(spawn.next());
    missed = spawn.missed();
    stale = false;
  }

  /** Calls off the fire that a standing trigger waits for. */
  void cancel() {
    version++;
    endFire();
  }

  void reschedule(Instant later) {
    version++;
    due = later;
  }

  /** Fires a waiting trigger then, apart from its schedule. */
  void fireAt(Instant then) {
    version++;
    fireTime = then;
    due = then;
    forgetAttempts();
  }

  void replace(NewTrigger other, Position.Lane place, Instant then) {
    fireAt(then);
    payload = other.payload();
    headers = other.headers();
    lane = place;
    missed = 0;
  }

  void pause(@Nullable String why) {
    state = state.become(TriggerState.PAUSED);
    version++;
    reason = why;
  }

  void resume() {
    state = state.become(TriggerState.SCHEDULED);
    version++;
    reason = null;
    forgetAttempts();
  }

  private void forgetAttempts() {
    attempt = 0;
    lost = 0;
  }

  void hold(Hold hold) {
    holds.add(hold);
  }

  void free(Set<Hold> ended) {
    holds.removeAll(ended);
  }

  Guard guard() {
    return new Guard(id, version, requireNonNull(owner));
  }

  Claim toClaim() {
    return new Claim(
        guard(),
        kind,
        job,
        key,
        lane.queue(),
        lane.priority(),
        requireNonNull(fireTime),
        requireNonNull(due),
        requireNonNull(claimedAt),
        attempt,
        lost,
        schedule,
        missed,
        stale,
        payload,
        headers);
  }

  RunningTrigger toRunning() {
    return new RunningTrigger(guard(), kind, job, key, attempt, lost);
  }

  ExecutionRecord toExecution(String node, Ending ending, Outcome outcome, Instant now) {
    Guard guard = guard();
    Instant endedAt = noLaterThan(now, ending.endedAt());
    return new ExecutionRecord(
        new ExecutionId(requireNonNull(claimedAt), id, version),
        guard.owner(),
        node,
        kind,
        job,
        key,
        attempt,
        requireNonNull(fireTime),
        missed,
        requireNonNull(due),
        noLaterThan(now, ending.startedAt()),
        endedAt == null ? now : endedAt,
        outcome,
        ending.failure(),
        ending.keepPayload() ? payload : null,
        ending.result());
  }

  /** The execution of a waiting trigger that is called off now, with the version that it takes. */
  ExecutionRecord toCancelled(Instant now) {
    return new ExecutionRecord(
        new ExecutionId(now, id, version + 1),
        SessionId.NONE,
        "",
        kind,
        job,
        key,
        0,
        requireNonNull(fireTime),
        missed,
        requireNonNull(due),
        null,
        now,
        Outcome.CANCELLED,
        null,
        null,
        null);
  }

  private static @Nullable Instant noLaterThan(Instant now, @Nullable Instant reckoned) {
    return reckoned == null || reckoned.isBefore(now) ? micros(reckoned) : now;
  }

  private static @Nullable Instant micros(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS);
  }

  TriggerRecord toRecord() {
    return new TriggerRecord(
        id,
        kind,
        job,
        key,
        lane.queue(),
        lane.priority(),
        state,
        Set.copyOf(holds),
        fireTime,
        due,
        version,
        attempt,
        lost,
        owner,
        claimedAt,
        reason,
        schedule,
        lastFire,
        missed,
        stale,
        parent,
        asked.kinds(),
        payload,
        headers);
  }
}
