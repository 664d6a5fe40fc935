package dev.escapement.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of a trigger while it runs. */
final class MemoryAsked {

  private final Set<RequestKind> kinds = EnumSet.noneOf(RequestKind.class);
  private @Nullable Instant due;
  private byte @Nullable [] payload;
  private @Nullable String headers;

  Set<RequestKind> kinds() {
    return Set.copyOf(kinds);
  }

  /** The requested due, where one was requested. */
  Instant due() {
    return requireNonNull(due);
  }

  /** The requested payload; null for the one that the trigger has. */
  byte @Nullable [] payload() {
    return payload;
  }

  /** The headers that came with the requested payload; null for none. */
  @Nullable String headers() {
    return headers;
  }

  void cancel() {
    clear();
    kinds.add(RequestKind.CANCEL);
  }

  void pause() {
    kinds.add(RequestKind.PAUSE);
  }

  /** Returns whether a pause was asked. */
  boolean resume() {
    return kinds.remove(RequestKind.PAUSE);
  }

  void reschedule(Instant later) {
    kinds.add(RequestKind.RESCHEDULE);
    due = later;
  }

  void again(Instant then) {
    kinds.add(RequestKind.AGAIN);
    due = then;
  }

  void again(Instant then, byte[] with, @Nullable String besides) {
    again(then);
    payload = with;
    headers = besides;
  }

  void clear() {
    kinds.clear();
    due = null;
    payload = null;
    headers = null;
  }
}
