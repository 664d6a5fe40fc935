package dev.escapement.redis;

import dev.escapement.TriggerId;
import dev.escapement.store.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a script has answered: a list, read from its beginning to its end. Not thread-safe. */
final class Reply {

  private final List<?> values;
  private int next;

  Reply(@Nullable Object answer) {
    this.values = answer instanceof List<?> list ? list : Collections.singletonList(answer);
  }

  boolean hasNext() {
    return next < values.size();
  }

  private @Nullable Object take() {
    return values.get(next++);
  }

  byte @Nullable [] bytesOrNull() {
    return (byte[]) take();
  }

  byte[] bytes() {
    return Objects.requireNonNull(bytesOrNull());
  }

  @Nullable String textOrNull() {
    byte[] bytes = bytesOrNull();
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  String text() {
    return Objects.requireNonNull(textOrNull());
  }

  /** An integer, or one in text. */
  long number() {
    Object value = Objects.requireNonNull(take());
    return value instanceof Long number
        ? number
        : Long.parseLong(new String((byte[]) value, StandardCharsets.US_ASCII));
  }

  int small() {
    return Math.toIntExact(number());
  }

  boolean flag() {
    return number() == 1;
  }

  Instant instant() {
    return Words.instant(text());
  }

  @Nullable Instant instantOrNull() {
    String time = textOrNull();
    return time == null ? null : Words.instant(time);
  }

  UUID uuid() {
    return UUID.fromString(text());
  }

  TriggerId trigger() {
    return new TriggerId(uuid());
  }

  @Nullable SessionId sessionOrNull() {
    String session = textOrNull();
    return session == null ? null : new SessionId(UUID.fromString(session));
  }

  /** What comes next is a list. */
  Reply list() {
    return new Reply(Objects.requireNonNull(take()));
  }

  boolean nextIsList() {
    return values.get(next) instanceof List<?>;
  }

  /** The rest, each of them a list. */
  <T> List<T> lists(Function<Reply, T> read) {
    return values.subList(next, values.size()).stream().map(Reply::new).map(read).toList();
  }

  /** The next one, a packed row. */
  Fields row() {
    return Fields.unpack(bytes());
  }

  /** The rest, each of them a packed row. */
  <T> List<T> rows(Function<Fields, T> read) {
    return values.subList(next, values.size()).stream()
        .map(value -> read.apply(Fields.unpack((byte[]) Objects.requireNonNull(value))))
        .toList();
  }

  /** The rest, each of them a text. */
  List<String> texts() {
    return values.subList(next, values.size()).stream()
        .map(value -> new String((byte[]) Objects.requireNonNull(value), StandardCharsets.UTF_8))
        .toList();
  }
}
