package dev.escapement.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Signals to processes of ours. */
enum Signals {
  /** Asks to end. */
  TERM,
  /** Ends at once. */
  KILL,
  /** Stands still, as in a very long pause of the garbage collector. */
  STOP,
  /** Says what its threads do, if it is a JVM. */
  QUIT,
  /** Goes on. */
  CONT;

  /**
   * Sends it.
   *
   * @throws IOException if there is no such process, or it isn't ours
   */
  void send(long pid) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-s", name(), Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (kill.waitFor() != 0) {
        throw new IOException("Can't send " + this + " to " + pid + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
