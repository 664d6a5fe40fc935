package dev.escapement.testing;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What a handler needs and is only there after the handler. */
final class Late<T> {

  private @Nullable T value;

  void set(T late) {
    value = late;
  }

  T get() {
    return requireNonNull(value);
  }
}
