package dev.escapement.store;

import static java.util.Objects.requireNonNull;

import dev.escapement.Due;
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
  private final byte[] payload;

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

  MemoryTrigger(NewTrigger made, Position.Lane lane, Instant now) {
    this.id = made.id();
    this.kind = made.kind();
    this.job = made.job();
    this.key = made.key();
    this.lane = lane;
    this.payload = made.payload();
    this.fireTime = made.due().resolve(now);
    this.due = fireTime;
  }

  Position.Lane lane() {
    return lane;
  }

  @Nullable SessionId owner() {
    return owner;
  }

  long version() {
    return version;
  }

  TriggerState state() {
    return state;
  }

  /** From when on it may be claimed; null while it may not. */
  @Nullable Instant candidateFrom() {
    return state == TriggerState.SCHEDULED && holds.isEmpty() ? due : null;
  }

  /** Its job, if it waits for a node that knows it. */
  @Nullable String parkedJob() {
    return holds.contains(Hold.NO_HANDLER) ? job : null;
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

  void advance(Instant missedUpTo) {
    fireTime = missedUpTo.truncatedTo(ChronoUnit.MICROS);
  }

  /** Ends the claim of a trigger that stays. */
  void end(Next next, Instant now) {
    version++;
    owner = null;
    claimedAt = null;
    if (next instanceof Next.Pause pause) {
      state = state.become(TriggerState.PAUSED);
      reason = pause.reason();
      return;
    }
    state = state.become(TriggerState.SCHEDULED);
    if (next instanceof Next.Retry retry) {
      due = retry.due().resolve(now);
    } else if (next instanceof Next.Recover) {
      lost++;
    } else if (next instanceof Next.Release release) {
      attempt--;
      due = release.due() == null ? due : release.due().resolve(now);
    } else if (next instanceof Next.Fire fire) {
      Due at = fire.due();
      fireTime = at == null ? null : at.resolve(now);
      due = fireTime;
      forgetAttempts();
    }
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

  void park() {
    holds.add(Hold.NO_HANDLER);
  }

  void unpark() {
    holds.remove(Hold.NO_HANDLER);
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
        payload);
  }

  RunningTrigger toRunning() {
    return new RunningTrigger(guard(), kind, job, key, attempt, lost);
  }

  ExecutionRecord toExecution(String node, Ending ending, Instant now) {
    Guard guard = guard();
    Instant endedAt = noLaterThan(now, ending.endedAt());
    return new ExecutionRecord(
        new ExecutionKey(requireNonNull(claimedAt), id, version),
        guard.owner(),
        node,
        kind,
        job,
        key,
        attempt,
        requireNonNull(fireTime),
        requireNonNull(due),
        noLaterThan(now, ending.startedAt()),
        endedAt == null ? now : endedAt,
        ending.outcome(),
        ending.failure(),
        ending.keepPayload() ? payload : null);
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
        payload);
  }
}
