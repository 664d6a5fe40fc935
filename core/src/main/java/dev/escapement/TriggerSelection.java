package dev.escapement;

/**
 * All triggers that a filter means. {@link #count()} is the dry run of the others. These work
 * through the triggers in batches, each by itself: what is enqueued meanwhile may be among them or
 * not, and after an exception some are done and the call may be repeated. What refuses the wish, as
 * a trigger that isn't paused refuses to be resumed, is left as it is and counted.
 */
public interface TriggerSelection {

  /** How many there are. */
  Count count();

  /** Calls them off; see {@link TriggerOperations#cancel}. */
  Tally cancel();

  /** Takes them out of service; see {@link TriggerOperations#pause}. */
  Tally pause();

  /** Puts them back in service; see {@link TriggerOperations#resume}. */
  Tally resume();

  /** Runs them now; see {@link TriggerOperations#runNow}. */
  Tally runNow();

  /** Runs them at another time; see {@link TriggerOperations#reschedule(TriggerId, Due)}. */
  Tally reschedule(Due due);

  /**
   * What came of a wish.
   *
   * @param done how many are so now, or were already
   * @param requested how many run, and honour it when their run ends
   * @param refused how many couldn't be asked that
   */
  record Tally(long done, long requested, long refused) {}
}
