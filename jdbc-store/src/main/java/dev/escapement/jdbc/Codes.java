package dev.escapement.jdbc;

import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerState;
import dev.escapement.store.Hold;
import dev.escapement.store.RequestKind;
import dev.escapement.store.TriggerKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToIntFunction;

/** The numbers that stand for words in the tables, as the migrations say. They never change. */
final class Codes {

  private static final TriggerKind[] KINDS = TriggerKind.values();
  private static final Priority[] PRIORITIES = Priority.values();

  private Codes() {}

  static int of(TriggerKind kind) {
    return switch (kind) {
      case ONE_TIME -> 0;
      case STANDING -> 1;
    };
  }

  static int of(Priority priority) {
    return switch (priority) {
      case LOW -> 0;
      case NORMAL -> 1;
      case HIGH -> 2;
    };
  }

  static int of(TriggerState state) {
    return switch (state) {
      case PENDING -> 0;
      case SCHEDULED -> 1;
      case RUNNING -> 2;
      case PAUSED -> 3;
      case SUCCEEDED, FAILED, CANCELLED ->
          throw new IllegalArgumentException(state + " is final; no row bears it");
    };
  }

  static int of(Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED -> 1;
      case FAILED -> 2;
      case TIMED_OUT -> 3;
      case CANCELLED -> 4;
      case LOST -> 5;
      case RELEASED -> 6;
      case YIELDED -> 7;
      case SKIPPED -> 8;
    };
  }

  static TriggerKind kind(int code) {
    return word(KINDS, Codes::of, code);
  }

  static Priority priority(int code) {
    return word(PRIORITIES, Codes::of, code);
  }

  static TriggerState state(int code) {
    return word(
        new TriggerState[] {
          TriggerState.PENDING, TriggerState.SCHEDULED, TriggerState.RUNNING, TriggerState.PAUSED
        },
        Codes::of,
        code);
  }

  static Outcome outcome(int code) {
    return word(Outcome.values(), Codes::of, code);
  }

  static Set<Hold> holds(int bits) {
    EnumSet<Hold> holds = EnumSet.noneOf(Hold.class);
    for (Hold hold : Hold.values()) {
      if ((bits & hold.bit()) != 0) {
        holds.add(hold);
      }
    }
    return Collections.unmodifiableSet(holds);
  }

  static Set<RequestKind> requests(int bits) {
    EnumSet<RequestKind> requests = EnumSet.noneOf(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if ((bits & kind.bit()) != 0) {
        requests.add(kind);
      }
    }
    return Collections.unmodifiableSet(requests);
  }

  private static <E extends Enum<E>> E word(E[] words, ToIntFunction<E> codes, int code) {
    for (E word : words) {
      if (codes.applyAsInt(word) == code) {
        return word;
      }
    }
    throw new IllegalStateException(
        "The code " + code + " stands for none of " + Arrays.toString(words));
  }
}
