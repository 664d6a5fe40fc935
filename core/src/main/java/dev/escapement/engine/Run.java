package dev.escapement.engine;

import dev.escapement.Due;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Guard;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of one claim in this node: buffered, running, ended. Knows the store's time from the
 * claim and the nanoseconds since. Its handler sees it as an {@link Attempt}. Thread-safe.
 */
final class Run {

  /** Why the engine asked a run to end. */
  enum Stop {
    /** Somebody called its trigger off. */
    CANCELLED,
    /** It took longer than its job's timeout. */
    TIMEOUT,
    /** The scheduler stops, and its grace is over. */
    STOPPING,
    /** Its session can't prove any more that it is alive. */
    LEASE_LOST,
    /** Its session was declared dead. */
    SESSION_DEAD
  }

  /** What its handler asks to come next. */
  sealed interface Wish {
    /** The attempt doesn't succeed, and the next comes after that. */
    record RetryIn(Duration delay) implements Wish {}

    /** The attempt isn't counted, and goes on after that. */
    record Snooze(Duration delay) implements Wish {}
  }

  /** Beyond the longest sleep of any loop. */
  private static final Duration FAR = Duration.ofDays(1);

  private final Session session;
  private final LongSupplier nanoClock;
  private final long askedAt;
  private final long answeredAt;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean handedOver = new AtomicBoolean();
  private volatile Claim claim;
  private volatile @Nullable Fires fires;
  private volatile @Nullable Stop stop;
  private volatile boolean yieldAsked;
  private volatile boolean yielded;
  private volatile boolean begun;
  private volatile @Nullable Wish wish;
  private volatile long startedAt;
  private volatile long endedAt;
  private @Nullable Thread thread;
  private boolean over;

  /**
   * @param askedAt nanoTime before the claim was asked for, so that lateness is never told too
   *     small
   * @param answeredAt nanoTime after the answer, so that time isn't taken for passed too early
   */
  Run(Claim claim, Session session, LongSupplier nanoClock, long askedAt, long answeredAt) {
    this.claim = claim;
    this.session = session;
    this.nanoClock = nanoClock;
    this.askedAt = askedAt;
    this.answeredAt = answeredAt;
    this.startedAt = askedAt;
    this.endedAt = askedAt;
  }

  Claim claim() {
    return claim;
  }

  Guard guard() {
    return claim.guard();
  }

  Session session() {
    return session;
  }

  /** nanoTime before it was asked for. */
  long askedAt() {
    return askedAt;
  }

  /** The fires of its trigger, if it is a standing one and its schedule was found. */
  @Nullable Fires fires() {
    return fires;
  }

  void follow(Fires of) {
    fires = of;
  }

  /** Some fires, from the claimed one on, are not run; this run stands for a later one. */
  void firesAt(Instant later, Instant due, long notRun) {
    claim = claim.at(later, due, notRun);
  }

  /**
   * The handler is about to be called on this thread.
   *
   * @return false if it must not be: the run was asked to end, or its session isn't trusted
   */
  boolean begin() {
    lock.lock();
    try {
      if (stop != null || !session.trusted()) {
        return false;
      }
      startedAt = nanoClock.getAsLong();
      begun = true;
      thread = Thread.currentThread();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The handler has returned. From now on nothing interrupts this thread on the run's account. */
  void end() {
    lock.lock();
    try {
      endedAt = nanoClock.getAsLong();
      over = true;
      thread = null;
      Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the handler was called. */
  boolean hasRun() {
    return begun;
  }

  /** Whether the handler has returned. */
  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /** Asks the run to end, and interrupts it. The first reason stands; one that is over is over. */
  void stop(Stop reason) {
    lock.lock();
    try {
      if (stop == null && !over) {
        stop = reason;
      }
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Asks the run to give its trigger back at its next checkpoint, for its node stops. */
  void askToYield() {
    yieldAsked = true;
  }

  /** Whether it is to end at its next checkpoint. */
  boolean endsAtCheckpoint() {
    return yieldAsked || stop != null;
  }

  /** Its checkpoint has ended it: whatever its handler makes of that, the work isn't done. */
  Yield yielded() {
    yielded = true;
    return new Yield(this);
  }

  /** Whether a checkpoint has ended it. */
  boolean hasYielded() {
    return yielded;
  }

  void wish(Wish next) {
    wish = next;
  }

  @Nullable Wish wished() {
    return wish;
  }

  /** True once: whoever gets it brings the run's outcome to the completer. */
  boolean handOver() {
    return handedOver.compareAndSet(false, true);
  }

  /** Whether its outcome is with the completer. */
  boolean isHandedOver() {
    return handedOver.get();
  }

  /** Where its handler is now, if it is being called. */
  Optional<StackTraceElement[]> whereabouts() {
    lock.lock();
    try {
      return thread == null ? Optional.empty() : Optional.of(thread.getStackTrace());
    } finally {
      lock.unlock();
    }
  }

  /** Why it was asked to end, if it was. */
  @Nullable Stop stopped() {
    return stop;
  }

  /** When its handler returned; the present for one that is given up while it goes on. */
  Instant endedAt() {
    return storeTime(isOver() ? endedAt : nanoClock.getAsLong());
  }

  /** What the store's clock showed at least when the run ended. */
  Instant endedNotBefore() {
    return claim.claimedAt().plusNanos(Math.max(0, endedAt - answeredAt));
  }

  /** What the store's clock shows now, at least. */
  Instant nowNotBefore() {
    return claim.claimedAt().plusNanos(Math.max(0, nanoClock.getAsLong() - answeredAt));
  }

  private Instant storeTime(long nanos) {
    return claim.claimedAt().plusNanos(nanos - askedAt);
  }

  /**
   * About when that will be, in nanoTime. The store's own clock still decides: what is asked too
   * early is answered with the rest of the wait.
   */
  long nanoTimeOf(Due due) {
    Duration ahead =
        due instanceof Due.In in
            ? in.delay().plusNanos(nanoClock.getAsLong() - askedAt)
            : Duration.between(claim.claimedAt(), due.resolve(claim.claimedAt()));
    Duration bounded = ahead.compareTo(FAR) > 0 ? FAR : ahead;
    return askedAt + bounded.toNanos();
  }

  Instant startedAt() {
    return storeTime(startedAt);
  }

  TriggerId triggerId() {
    return claim.guard().id();
  }

  String job() {
    return claim.job();
  }

  Optional<String> key() {
    return ownKey(claim.key());
  }

  /** A trigger's key, unless it is the library's own. */
  static Optional<String> ownKey(@Nullable String key) {
    return Optional.ofNullable(key).filter(own -> !own.equals(TriggerKind.STANDING_KEY));
  }

  Instant fireTime() {
    return claim.fireTime();
  }

  long missedFires() {
    return claim.missed();
  }

  Instant due() {
    return claim.due();
  }

  int attempt() {
    return claim.attempt();
  }

  long fencingToken() {
    return claim.guard().version();
  }

  boolean leaseLost() {
    return !session.trusted();
  }

  @Override
  public String toString() {
    return "job \""
        + job()
        + "\""
        + key().map(key -> " key \"" + key + "\"").orElse("")
        + " trigger "
        + triggerId()
        + " attempt "
        + attempt();
  }
}
