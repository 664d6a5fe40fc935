package dev.escapement.engine;

/**
 * Ends a run at its checkpoint. An Error, so that a handler's {@code catch (Exception e)} lets it
 * pass.
 */
final class Yield extends Error {

  private static final long serialVersionUID = 1L;

  Yield(Run run) {
    super(run + " gives its trigger back at a checkpoint; let this pass", null, false, false);
  }
}
