package dev.escapement;

/**
 * Turns payloads into bytes and back. Every replica, and every version of the application that is
 * live at a time, must read what the others write. Thread-safe.
 */
public interface PayloadCodec {

  /**
   * Writes a payload.
   *
   * @param payload the value
   * @param type the class that the job declares
   * @throws PayloadException if it can't be written
   */
  byte[] write(Object payload, Class<?> type);

  /**
   * Reads a payload.
   *
   * @throws PayloadException if it can't be read as that class
   */
  <T> T read(byte[] bytes, Class<T> type);

  /**
   * The default: JSON in UTF-8, written by Jackson 3 with the format pinned. Enums by {@code
   * name()}, times in ISO-8601, unknown fields ignored when reading.
   */
  static PayloadCodec json() {
    return new JsonCodec();
  }
}
