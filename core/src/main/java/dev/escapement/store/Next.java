package dev.escapement.store;

import dev.escapement.Due;
import dev.escapement.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a trigger whose claim ends. Its version grows and its owner goes in each case.
 */
public sealed interface Next {

  /** Final: the row goes. Only for a one-time trigger. */
  record Remove() implements Next {}

  /** SCHEDULED again for the same fire; the attempt stays counted. */
  record Retry(Due due) implements Next {}

  /**
   * SCHEDULED again for the same fire, because its node was lost: {@code lost} grows by one. Due
   * stays, for it has been due since.
   */
  record Recover() implements Next {}

  /**
   * SCHEDULED again for the same fire, and the attempt isn't counted.
   *
   * @param due when; null for the due that it had
   */
  record Release(@Nullable Due due) implements Next {}

  /**
   * SCHEDULED at the next fire of a standing trigger, no attempt counted yet. The fire that ends is
   * its last fire from now on.
   *
   * @param fireTime the next fire time; null for never
   * @param due when to run it; null for never
   * @param missed how many fires right before it are not run
   */
  record Fire(@Nullable Due fireTime, @Nullable Due due, long missed) implements Next {
    /** Refuses one of the two without the other. */
    public Fire {
      if ((fireTime == null) != (due == null)) {
        throw new IllegalArgumentException("fireTime " + fireTime + " without due " + due);
      }
    }
  }

  /**
   * PAUSED, because of a rule. The next fire of a standing trigger stays what it was.
   *
   * @param reason in words
   */
  record Pause(String reason) implements Next {
    /** Cleans and cuts: a reason may quote what the application's code said. */
    public Pause {
      reason = Failure.storable(reason);
    }
  }

  /** The one and only removal. */
  Next REMOVE = new Remove();

  /** The next fire, due when the schedule says; null for never. None is missed. */
  static Next fireAt(@Nullable Instant next) {
    Due due = next == null ? null : Due.at(next);
    return new Fire(due, due, 0);
  }
}
