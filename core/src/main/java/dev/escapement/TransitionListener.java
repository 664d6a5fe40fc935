package dev.escapement;

/**
 * Hears of each transition that this node makes, after it is durable. Called on the engine's
 * threads, so it must be quick. What it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface TransitionListener {

  /** Hears of one. */
  void on(Transition transition);
}
