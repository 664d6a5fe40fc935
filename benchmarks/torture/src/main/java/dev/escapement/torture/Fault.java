package dev.escapement.torture;

import java.util.Random;

/** Something bad that happens. */
interface Fault {

  /** In a few words. */
  String name();

  /**
   * Lets it happen once, and goes when it is over. Notes in {@link Stage#troubles()} what it does
   * to whom.
   *
   * @param random chooses whom and how much
   * @return whether it did what its name says; false if there was nobody to hurt, or it came
   *     otherwise
   */
  boolean strike(Stage stage, Random random) throws Exception;
}
