package dev.escapement.torture;

import java.util.Optional;
import java.util.Random;

/** Something bad that happens to one replica, whichever, while others live. */
interface FaultOfOne extends Fault {

  /** The same as {@link #strike(Stage, Random)}, to that one. */
  boolean strike(Stage stage, Member victim, Random random) throws Exception;

  @Override
  default boolean strike(Stage stage, Random random) throws Exception {
    Optional<Member> victim = stage.victim(random);
    return victim.isPresent() && strike(stage, victim.get(), random);
  }
}
