package dev.escapement.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a script is given. */
final class Args {

  private static final byte[] NONE = {};

  private final List<byte[]> values = new ArrayList<>();

  Args text(@Nullable String text) {
    values.add(text == null ? NONE : text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Args value(Object value) {
    return text(value.toString());
  }

  Args number(long number) {
    return text(Long.toString(number));
  }

  Args flag(boolean flag) {
    return text(flag ? "1" : "0");
  }

  Args bytes(byte[] bytes) {
    values.add(bytes);
    return this;
  }

  /** Tells an empty array from none. */
  Args optional(byte @Nullable [] bytes) {
    if (bytes == null) {
      return bytes(NONE);
    }
    byte[] marked = new byte[bytes.length + 1];
    marked[0] = '=';
    System.arraycopy(bytes, 0, marked, 1, bytes.length);
    return bytes(marked);
  }

  /** How many there are, and they. */
  Args counted(Collection<String> texts) {
    return number(texts.size()).texts(texts);
  }

  Args texts(Collection<String> texts) {
    texts.forEach(this::text);
    return this;
  }

  byte[][] toArray() {
    return values.toArray(byte[][]::new);
  }
}
