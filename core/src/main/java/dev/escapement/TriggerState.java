package dev.escapement;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The states of a trigger, and the one table of legal transitions.
 *
 * <pre>
 *            dependencies met               claim                    done
 * PENDING ───────────────────▶ SCHEDULED ──────────▶ RUNNING ─────────────────▶ SUCCEEDED
 *                               ▲  │  ▲               │ │ └── attempts spent ──▶ FAILED
 *                      resume   │  │  └── retry, node lost, released ────────────┘(back to SCHEDULED)
 *                               │  ▼                    ▼
 *                              PAUSED ◀── pause ──── (quarantined, or yielded to a pause)
 * any state but a final one ───────────── cancel ───────────────────────────────▶ CANCELLED
 * </pre>
 *
 * <p>A one-time trigger that reaches a final state leaves the table; its execution row stays. For a
 * standing trigger (the one row of a recurring job) a final state ends one <em>fire</em>: it is
 * SCHEDULED again at the next fire time.
 */
public enum TriggerState {
  /** Waits for others to finish first. */
  PENDING,
  /** Runs when due, unless a hold keeps it. */
  SCHEDULED,
  /** Claimed by one session. */
  RUNNING,
  /** Out of service until somebody resumes it. */
  PAUSED,
  /** Final: the handler returned. */
  SUCCEEDED,
  /** Final: the attempts are spent. */
  FAILED,
  /** Final: somebody called it off. */
  CANCELLED;

  private static final Map<TriggerState, Set<TriggerState>> SUCCESSORS = successorTable();

  private static Map<TriggerState, Set<TriggerState>> successorTable() {
    Map<TriggerState, Set<TriggerState>> table = new EnumMap<>(TriggerState.class);
    table.put(PENDING, EnumSet.of(SCHEDULED, CANCELLED));
    table.put(SCHEDULED, EnumSet.of(RUNNING, PAUSED, CANCELLED));
    table.put(RUNNING, EnumSet.of(SCHEDULED, PAUSED, SUCCEEDED, FAILED, CANCELLED));
    table.put(PAUSED, EnumSet.of(SCHEDULED, CANCELLED));
    for (TriggerState last : EnumSet.of(SUCCEEDED, FAILED, CANCELLED)) {
      table.put(last, EnumSet.noneOf(TriggerState.class));
    }
    table.replaceAll((state, next) -> Collections.unmodifiableSet(next));
    return Collections.unmodifiableMap(table);
  }

  /** The states that a trigger in this state may take next; empty for a final state. */
  public Set<TriggerState> successors() {
    return SUCCESSORS.getOrDefault(this, Set.of());
  }

  /** Whether nothing follows this state. */
  public boolean isFinal() {
    return successors().isEmpty();
  }

  /** Whether a trigger in this state may become {@code next}. */
  public boolean canBecome(TriggerState next) {
    return successors().contains(next);
  }

  /**
   * Returns {@code next} if the transition is legal.
   *
   * @throws IllegalTransitionException if it isn't
   */
  public TriggerState become(TriggerState next) {
    if (!canBecome(next)) {
      throw new IllegalTransitionException(this, next);
    }
    return next;
  }
}
