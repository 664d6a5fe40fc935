package dev.escapement.examples.quickstart;

/** Something other than the scheduler kept the demo from being played to its end. */
final class DemoException extends Exception {

  private static final long serialVersionUID = 1L;

  DemoException(String message) {
    super(message);
  }
}
