package dev.escapement.torture;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Which statements are still to be lost, and how many times. Thread-safe. */
final class Losses {

  private record Loss(Predicate<String> sql, AtomicInteger left) {

    boolean isOf(Collection<String> statements) {
      return left.get() > 0 && statements.stream().anyMatch(sql);
    }

    boolean take() {
      return left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
    }
  }

  private final List<Loss> losses = new CopyOnWriteArrayList<>();

  /** So many more. */
  void add(Predicate<String> sql, int times) {
    losses.removeIf(loss -> loss.left().get() == 0);
    losses.add(new Loss(sql, new AtomicInteger(times)));
  }

  /** None any more. */
  void clear() {
    losses.clear();
  }

  /** Whether one of these may have to be lost. */
  boolean mayTake(Collection<String> statements) {
    return losses.stream().anyMatch(loss -> loss.isOf(statements));
  }

  /** Whether one of these is to be lost; it counts as lost then. */
  boolean take(Collection<String> statements) {
    return losses.stream().anyMatch(loss -> loss.isOf(statements) && loss.take());
  }
}
