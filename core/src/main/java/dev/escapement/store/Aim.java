package dev.escapement.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a standing trigger waits for.
 *
 * @param fireTime the next fire time; null for never
 * @param due when to run it; null for never. Later than the fire time if the schedule has jitter
 */
public record Aim(@Nullable Instant fireTime, @Nullable Instant due) {

  /** It never fires again, unless its schedule is changed. */
  public static final Aim NEVER = new Aim(null, null);

  /** Refuses one of the two without the other. */
  public Aim {
    if ((fireTime == null) != (due == null)) {
      throw new IllegalArgumentException("fireTime " + fireTime + " without due " + due);
    }
  }
}
