package dev.escapement.store;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came of completions.
 *
 * @param written the triggers whose claim was ended; for all others that aren't busy, the guard
 *     wasn't held any more
 * @param turned those of them for which a request made it end otherwise than the completion says
 * @param busy the triggers whose claim goes on because another transaction holds their row, or
 *     because the store refused them together with others: try again, each by itself. One may be
 *     here that is free by now
 */
public record Ended(Set<TriggerId> written, Map<TriggerId, Turn> turned, Set<TriggerId> busy) {

  /** Nothing was written. */
  public static final Ended NOTHING = new Ended(Set.of(), Map.of());

  /** Of a store, or a call, that passes over nothing. */
  public Ended(Set<TriggerId> written, Map<TriggerId, Turn> turned) {
    this(written, turned, Set.of());
  }

  /**
   * Another end than the completion's.
   *
   * @param outcome what the execution row says
   * @param state the trigger's state now; null if it is gone
   * @param due when it is due now; null for never, or if it is gone
   */
  public record Turn(Outcome outcome, @Nullable TriggerState state, @Nullable Instant due) {}
}
