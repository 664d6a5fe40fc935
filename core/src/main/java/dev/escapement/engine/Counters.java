package dev.escapement.engine;

import dev.escapement.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What this node has done. Thread-safe. */
final class Counters {

  final LongAdder claimed = new LongAdder();
  final LongAdder fenced = new LongAdder();
  final LongAdder missed = new LongAdder();
  final LongAdder overlapped = new LongAdder();
  final LongAdder spawned = new LongAdder();
  final LongAdder sessions = new LongAdder();
  final LongAdder unconfirmed = new LongAdder();
  final LongAdder abandoned = new LongAdder();
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);

  Counters() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  void ended(Outcome outcome) {
    LongAdder counter = outcomes.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  Map<Outcome, Long> outcomes() {
    Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
    outcomes.forEach((outcome, counter) -> sums.put(outcome, counter.sum()));
    return Collections.unmodifiableMap(sums);
  }
}
