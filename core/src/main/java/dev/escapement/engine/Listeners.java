package dev.escapement.engine;

import dev.escapement.Outcome;
import dev.escapement.Transition;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.Next;
import dev.escapement.store.Requests;
import dev.escapement.store.RunningTrigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners of transitions, each apart from the others' faults. Thread-safe. */
final class Listeners {

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<TransitionListener> listeners;

  Listeners(List<TransitionListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void claimed(Claim claim) {
    if (!listeners.isEmpty()) {
      tell(
          new Transition(
              subject(claim),
              TriggerState.SCHEDULED,
              TriggerState.SCHEDULED.become(TriggerState.RUNNING),
              Optional.empty(),
              claim.attempt(),
              Optional.empty(),
              Optional.empty()));
    }
  }

  void ended(
      Claim claim, Completion completion, Ended.@Nullable Turn turn, @Nullable Throwable thrown) {
    if (!listeners.isEmpty()) {
      tell(
          ended(
              subject(claim),
              claim.attempt(),
              completion,
              turn,
              thrown,
              times(claim, completion.ending())));
    }
  }

  void ended(RunningTrigger trigger, Completion completion, Ended.@Nullable Turn turn) {
    if (!listeners.isEmpty()) {
      Transition.Subject subject =
          new Transition.Subject(
              trigger.guard().id(), trigger.job(), Run.ownKey(trigger.key()), Optional.empty());
      tell(ended(subject, trigger.attempt(), completion, turn, null, Optional.empty()));
    }
  }

  private static Transition ended(
      Transition.Subject subject,
      int attempt,
      Completion completion,
      Ended.@Nullable Turn turn,
      @Nullable Throwable thrown,
      Optional<Transition.Times> times) {
    Outcome outcome = turn == null ? completion.ending().outcome() : turn.outcome();
    TriggerState state = turn == null ? stateAfter(completion.next(), outcome) : after(turn);
    return new Transition(
        subject,
        TriggerState.RUNNING,
        TriggerState.RUNNING.become(state),
        Optional.of(outcome),
        attempt,
        Optional.ofNullable(thrown),
        times);
  }

  private static Optional<Transition.Times> times(Claim claim, Ending ending) {
    Instant startedAt = ending.startedAt();
    Instant endedAt = ending.endedAt();
    return startedAt == null || endedAt == null
        ? Optional.empty()
        : Optional.of(new Transition.Times(claim.due(), startedAt, endedAt));
  }

  private static TriggerState after(Ended.Turn turn) {
    return turn.state() == null ? finalState(turn.outcome()) : turn.state();
  }

  /** Tells that somebody's wish has changed a trigger that doesn't run. */
  void decided(TriggerId id, Requests.Answer answer, TriggerState to) {
    if (!listeners.isEmpty() && answer.before() != to) {
      Transition.Subject subject =
          new Transition.Subject(id, answer.job(), Run.ownKey(answer.key()), Optional.empty());
      tell(
          new Transition(
              subject,
              answer.before(),
              answer.before().become(to),
              Optional.empty(),
              0,
              Optional.empty(),
              Optional.empty()));
    }
  }

  private static TriggerState stateAfter(Next next, Outcome outcome) {
    if (next instanceof Next.Pause) {
      return TriggerState.PAUSED;
    }
    if (next instanceof Next.Remove) {
      return finalState(outcome);
    }
    return TriggerState.SCHEDULED;
  }

  private static TriggerState finalState(Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED -> TriggerState.SUCCEEDED;
      case CANCELLED, SKIPPED -> TriggerState.CANCELLED;
      default -> TriggerState.FAILED;
    };
  }

  private static Transition.Subject subject(Claim claim) {
    return new Transition.Subject(
        claim.guard().id(), claim.job(), Run.ownKey(claim.key()), Optional.of(claim.fireTime()));
  }

  private void tell(Transition transition) {
    for (TransitionListener listener : listeners) {
      try {
        listener.on(transition);
      } catch (Throwable t) {
        LOG.error(
            "A transition listener threw at {}; nothing else is changed",
            transition,
            Printable.of(t));
      }
    }
  }
}
