package dev.escapement.proofs;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Has Lincheck look for an interleaving of a test's operations whose results no order of them can
 * explain. The profile {@code torture} multiplies the scenarios, and only there real threads run
 * into each other.
 */
public final class Interleavings {

  private static final int EFFORT = Integer.getInteger("proofs.effort", 1);

  private Interleavings() {}

  /**
   * Steps through interleavings, one at a time, under Lincheck's control.
   *
   * @param specification what the operations do one after the other
   * @param scenarios how many scenarios in a build that isn't a torture
   * @param tries how many interleavings of each
   */
  public static void explore(Class<?> test, Class<?> specification, int scenarios, int tries) {
    check(
        new ModelCheckingOptions().invocationsPerIteration(tries), scenarios, test, specification);
  }

  /**
   * Lets real threads run into each other.
   *
   * @param specification what the operations do one after the other
   * @param scenarios how many scenarios in a build that isn't a torture
   * @param tries how often each
   */
  public static void stress(Class<?> test, Class<?> specification, int scenarios, int tries) {
    check(new StressOptions().invocationsPerIteration(tries), scenarios, test, specification);
  }

  private static void check(
      Options<?, ?> options, int scenarios, Class<?> test, Class<?> specification) {
    options.iterations(scenarios * EFFORT);
    options.threads(2);
    options.actorsPerThread(3);
    options.actorsBefore(1);
    options.actorsAfter(1);
    options.sequentialSpecification(specification);
    options.check(test);
  }
}
