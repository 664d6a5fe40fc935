package dev.escapement.engine;

import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;

/** Writes what handlers leave behind, and reads it. Thread-safe. */
record Writer(PayloadCodec codec, int largest) {

  /**
   * @param what a word for it, for the error
   * @param run whose it is, for the error
   * @throws PayloadException if it can't be written, or is too large
   */
  byte[] write(String what, Run run, Object value) {
    byte[] bytes;
    try {
      bytes = codec.write(value, value.getClass());
    } catch (PayloadException e) {
      throw new PayloadException(
          "The " + what + " of " + run + " was refused. " + e.getMessage(), e);
    }
    if (bytes.length > largest) {
      throw new PayloadException(
          "The "
              + what
              + " of "
              + run
              + " was refused: it has "
              + bytes.length
              + " bytes, and at most "
              + largest
              + " are allowed. Store it elsewhere and leave a reference, or raise maxPayloadBytes.",
          null);
    }
    return bytes;
  }

  <T> T read(byte[] bytes, Class<T> type) {
    return codec.read(bytes, type);
  }
}
