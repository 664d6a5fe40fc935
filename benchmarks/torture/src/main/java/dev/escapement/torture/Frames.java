package dev.escapement.torture;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts the chunks of a stream together to the messages of PostgreSQL's protocol. */
final class Frames {

  private byte[] buffer = new byte[1 << 14];
  private int from;
  private int to;

  /** Takes a chunk. */
  void feed(byte[] data, int length) {
    if (to + length > buffer.length) {
      byte[] larger = new byte[Math.max(buffer.length, 2 * (to - from + length))];
      System.arraycopy(buffer, from, larger, 0, to - from);
      to -= from;
      from = 0;
      buffer = larger;
    }
    System.arraycopy(data, 0, buffer, to, length);
    to += length;
  }

  /** The next byte by itself; null if it isn't there yet. */
  byte @Nullable [] single() {
    return take(1);
  }

  /** The next message without a type: a length and what belongs to it; null if not all is there. */
  byte @Nullable [] untyped() {
    return message(0);
  }

  /** The next message with a type; null if not all is there. */
  byte @Nullable [] typed() {
    return message(1);
  }

  private byte @Nullable [] message(int type) {
    if (to - from < type + Integer.BYTES) {
      return null;
    }
    return take(type + ByteBuffer.wrap(buffer).getInt(from + type));
  }

  private byte @Nullable [] take(int length) {
    if (to - from < length) {
      return null;
    }
    byte[] taken = Arrays.copyOfRange(buffer, from, from + length);
    from += length;
    return taken;
  }
}
