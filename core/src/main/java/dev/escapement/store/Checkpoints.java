package dev.escapement.store;

import dev.escapement.Progress;
import dev.escapement.TriggerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What runs leave for the attempts after them, and say of themselves: one row beside a trigger,
 * made when it is first needed. It belongs to one fire of the trigger; what a {@link
 * Request.RunNow} or an enqueue puts in the place of that fire begins without.
 */
public interface Checkpoints {

  /**
   * Keeps a checkpoint in the place of the one before.
   *
   * @param fireTime the fire that the claim is for
   * @return what is asked of the trigger; empty if the guard isn't held any more, and then nothing
   *     was written
   */
  Optional<Set<RequestKind>> keep(Guard guard, Instant fireTime, byte[] checkpoint);

  /** The latest checkpoint of a fire. */
  Optional<byte[]> find(TriggerId trigger, Instant fireTime);

  /**
   * Notes how far runs have come. Those whose guard isn't held any more are left out, and those
   * whose row another transaction holds: what they report is lost. Leaves checkpoints as they are.
   */
  void report(List<Report> reports);

  /** How far the present or latest run has come, if it says so. */
  Optional<Progress> progress(TriggerId trigger);

  /**
   * Deletes rows of fires that have ended: their trigger is gone, or waits for another fire.
   *
   * @param limit how many at most
   * @return how many
   */
  int purge(int limit);

  /**
   * How far a run has come.
   *
   * @param guard which run
   * @param fireTime the fire that it is for
   * @param done how much is done
   * @param total how much there is; 0 for unknown
   * @param message in words; empty for none
   */
  record Report(Guard guard, Instant fireTime, long done, long total, String message) {}
}
