package dev.escapement.redis;

import dev.escapement.TriggerId;
import dev.escapement.store.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is kept: a map of texts, as Redis's cmsgpack packs it. Of MessagePack that is maps
 * and strings only.
 */
final class Fields {

  private static final int FIXED_MAP = 0x80;
  private static final int MAP_16 = 0xde;
  private static final int FIXED_TEXT = 0xa0;
  private static final int TEXT_8 = 0xd9;
  private static final int TEXT_16 = 0xda;
  private static final int TEXT_32 = 0xdb;

  private final Map<String, byte[]> values;

  private Fields(Map<String, byte[]> values) {
    this.values = values;
  }

  static Fields unpack(byte[] packed) {
    ByteBuffer in = ByteBuffer.wrap(packed);
    int size = size(in);
    Map<String, byte[]> values = new HashMap<>(2 * size);
    for (int i = 0; i < size; i++) {
      values.put(new String(text(in), StandardCharsets.US_ASCII), text(in));
    }
    return new Fields(values);
  }

  private static int size(ByteBuffer in) {
    int head = in.get() & 0xff;
    if (head == MAP_16) {
      return in.getShort() & 0xffff;
    }
    if ((head & 0xf0) != FIXED_MAP) {
      throw new IllegalStateException("A row begins with " + head + " instead of a map.");
    }
    return head & 0x0f;
  }

  private static byte[] text(ByteBuffer in) {
    int head = in.get() & 0xff;
    int length =
        switch (head) {
          case TEXT_8 -> in.get() & 0xff;
          case TEXT_16 -> in.getShort() & 0xffff;
          case TEXT_32 -> in.getInt();
          default -> {
            if ((head & 0xe0) != FIXED_TEXT) {
              throw new IllegalStateException("A row has " + head + " instead of a text.");
            }
            yield head & 0x1f;
          }
        };
    byte[] text = new byte[length];
    in.get(text);
    return text;
  }

  byte @Nullable [] bytesOrNull(String name) {
    return values.get(name);
  }

  byte[] bytes(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  @Nullable String textOrNull(String name) {
    byte[] bytes = values.get(name);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  int small(String name) {
    return Integer.parseInt(text(name));
  }

  Instant instant(String name) {
    return Words.instant(text(name));
  }

  @Nullable Instant instantOrNull(String name) {
    String time = textOrNull(name);
    return time == null ? null : Words.instant(time);
  }

  TriggerId trigger(String name) {
    return new TriggerId(UUID.fromString(text(name)));
  }

  @Nullable TriggerId triggerOrNull(String name) {
    return values.containsKey(name) ? trigger(name) : null;
  }

  SessionId session(String name) {
    return new SessionId(UUID.fromString(text(name)));
  }

  @Nullable SessionId sessionOrNull(String name) {
    return values.containsKey(name) ? session(name) : null;
  }

  <E extends Enum<E>> E word(Class<E> type, String name) {
    return Enum.valueOf(type, text(name));
  }
}
