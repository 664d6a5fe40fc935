package dev.escapement.torture;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a replica, or to all: the only excuse for a claim that is lost or given back.
 *
 * @param replica whom; {@link #ALL} for everybody
 * @param kind what
 * @param from since when
 * @param until until when; null for ever
 */
record Trouble(String replica, Kind kind, Instant from, @Nullable Instant until) {

  static final String ALL = "*";

  /** What can be done to a replica. */
  enum Kind {
    /** Killed, or its JVM ended by a job. */
    KILLED(true),
    /** Stopped by a signal, and gone on later. */
    FROZEN(true),
    /** Its network refused, silent or slow for about as long as a lease. */
    CUT(true),
    /** Single requests or answers lost on it. */
    LOSSES(false),
    /** Its connection pool held by others. */
    STARVED(true),
    /** Not scheduled by the operating system, as it noted itself. */
    STALLED(true),
    /** Asked to stop in good order. */
    STOPPED(false),
    /** The database restarted, or connections ended by it. */
    OUTAGE(false),
    /** The same, and the pool may wait longer than a lease before it connects again. */
    SLOW_POOL(true);

    private final boolean costsTheSession;

    Kind(boolean costsTheSession) {
      this.costsTheSession = costsTheSession;
    }

    /** Whether others may declare the session dead for it. */
    boolean costsTheSession() {
      return costsTheSession;
    }
  }

  /** Whether it concerns that replica at some time between. */
  boolean concerns(String who, Instant since, Instant to) {
    return (replica.equals(ALL) || replica.equals(who))
        && !from.isAfter(to)
        && (until == null || !until.isBefore(since));
  }
}
