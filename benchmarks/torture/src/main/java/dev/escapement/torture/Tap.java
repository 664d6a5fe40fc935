package dev.escapement.torture;

import java.io.IOException;
import java.util.Arrays;

/** What listens in on one connection, and may keep back what it hears. */
interface Tap {

  /** Understands nothing and passes all. */
  Tap PLAIN = (way, data, length) -> Arrays.copyOf(data, length);

  /**
   * Hears a chunk. Each way is heard by one thread of its own.
   *
   * @return what is to be passed on now
   * @throws Lost if nothing is to be passed on any more, in either way
   */
  byte[] hear(Direction way, byte[] data, int length) throws Lost;

  /** The connection is to be cut here. */
  final class Lost extends IOException {

    private final Mishap fault;

    Lost(Mishap fault) {
      super(fault.name());
      this.fault = fault;
    }

    /** What has happened. */
    Mishap fault() {
      return fault;
    }
  }
}
