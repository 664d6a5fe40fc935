package dev.escapement.engine;

/** Waits on a thread that others may interrupt, and remembers whether they did. */
final class Patience {

  private boolean tried;

  /** Something that is waited for. */
  interface Wait {
    boolean happened() throws InterruptedException;
  }

  /** Waits; an interrupt ends the wait, as if it had been in vain. */
  boolean once(Wait wait) {
    try {
      return wait.happened();
    } catch (InterruptedException e) {
      tried = true;
      return false;
    }
  }

  /** Waits; an interrupt begins it anew. */
  boolean whatever(Wait wait) {
    while (true) {
      try {
        return wait.happened();
      } catch (InterruptedException e) {
        tried = true;
      }
    }
  }

  /** Whether there was an interrupt. */
  boolean tried() {
    return tried;
  }
}
