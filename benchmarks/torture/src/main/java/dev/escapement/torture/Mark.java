package dev.escapement.torture;

import java.util.UUID;

/**
 * What a run says of checkpoints, in the order in which the ledger heard it.
 *
 * @param id the trigger
 * @param version that of the run that says it
 * @param what what it has done
 * @param by the version of the run that wrote the checkpoint; 0 where there was none
 */
record Mark(UUID id, long version, What what, long by) {

  /** What a run does with checkpoints. */
  enum What {
    /** It found this one when it began. */
    FOUND,
    /** It has written one, and was told so. */
    LEFT
  }
}
