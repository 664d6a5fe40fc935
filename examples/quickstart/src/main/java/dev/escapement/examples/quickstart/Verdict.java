package dev.escapement.examples.quickstart;

import java.util.List;

/**
 * The evidence held against what the scheduler promises.
 *
 * @param checks one for each promise
 */
record Verdict(List<Check> checks) {

  /**
   * One promise.
   *
   * @param promise in words
   * @param faults what speaks against it
   */
  record Check(String promise, List<String> faults) {
    boolean holds() {
      return faults.isEmpty();
    }
  }

  static Verdict on(Evidence evidence) {
    Promises promises = new Promises(evidence);
    return new Verdict(
        List.of(
            new Check("No claim ran twice; fencing tokens only grow", promises.tokensGrow()),
            new Check("Each fire time was fired by exactly one replica", promises.firedByOne()),
            new Check("No fire time was passed over in silence", promises.noneSkipped()),
            new Check("Nothing ran before it was due", promises.neverEarly()),
            new Check("Each one-time job was done exactly once", promises.doneOnce()),
            new Check("The flaky job failed twice, then succeeded", promises.retried()),
            new Check("Another replica took the killed one's job over", promises.takenOver()),
            new Check("The history agrees with the ledger", promises.historyAgrees())));
  }

  boolean holds() {
    return checks.stream().allMatch(Check::holds);
  }
}
