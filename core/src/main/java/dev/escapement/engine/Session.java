package dev.escapement.engine;

import dev.escapement.store.SessionId;
import java.util.function.LongSupplier;

/** One life of this node, and how far it trusts itself; see the package comment. Thread-safe. */
final class Session {

  private final SessionId id;
  private final LongSupplier nanoClock;
  private final long trustSpan;
  private final long steadySpan;
  private volatile long beatenAt;
  private volatile int disruptions;
  private volatile boolean dead;

  /**
   * @param openedAt nanoTime before it was opened
   */
  Session(SessionId id, Settings.Timing timing, LongSupplier nanoClock, long openedAt) {
    this.id = id;
    this.nanoClock = nanoClock;
    this.trustSpan = timing.lease().minus(timing.margin()).toNanos();
    this.steadySpan = timing.heartbeat().multipliedBy(2).toNanos();
    this.beatenAt = openedAt;
  }

  SessionId id() {
    return id;
  }

  /** Whether the node may start something in its name. */
  boolean trusted() {
    return !dead && nanoClock.getAsLong() - beatenAt < trustSpan;
  }

  /**
   * Whether its beats come as they should. While one is overdue, perhaps because the store hangs,
   * the silence of others proves nothing.
   */
  boolean steady() {
    return nanoClock.getAsLong() - beatenAt < steadySpan;
  }

  /** Whether it was found dead; it never comes back. */
  boolean isDead() {
    return dead;
  }

  /** How often a beat has failed or come late. Observers count a lease anew when this changes. */
  int disruptions() {
    return disruptions;
  }

  /**
   * A good beat. One that comes after a gap tells that the silence of others may have been our own.
   *
   * @param sentAt nanoTime before it was sent
   */
  void beaten(long sentAt) {
    if (sentAt - beatenAt >= steadySpan) {
      disrupted();
    }
    beatenAt = sentAt;
  }

  /** Called by the heart's thread alone. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void disrupted() {
    disruptions++;
  }

  void die() {
    dead = true;
  }
}
