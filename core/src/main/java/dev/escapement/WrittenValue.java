package dev.escapement;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A payload or a result as the codec has written it. Immutable. */
public final class WrittenValue {

  private final byte[] bytes;
  private final PayloadCodec codec;

  /**
   * @param bytes what was written; empty for nothing
   * @param codec reads it
   */
  public WrittenValue(byte[] bytes, PayloadCodec codec) {
    this.bytes = bytes.clone();
    this.codec = codec;
  }

  /** Whether nothing was written: a job without payload. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /**
   * The value.
   *
   * @throws PayloadException if it can't be read as that class
   */
  public <T> T as(Class<T> type) {
    return codec.read(bytes, type);
  }

  /** What was written. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WrittenValue value && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** As text, which the default codec's JSON is. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
