package dev.escapement.engine;

import dev.escapement.Outcome;
import dev.escapement.Transition;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Next;
import dev.escapement.store.RunningTrigger;
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
              Optional.empty()));
    }
  }

  void ended(Claim claim, Completion completion, @Nullable Throwable thrown) {
    if (!listeners.isEmpty()) {
      tell(ended(subject(claim), claim.attempt(), completion, thrown));
    }
  }

  void ended(RunningTrigger trigger, Completion completion) {
    if (!listeners.isEmpty()) {
      Transition.Subject subject =
          new Transition.Subject(
              trigger.guard().id(), trigger.job(), Run.ownKey(trigger.key()), Optional.empty());
      tell(ended(subject, trigger.attempt(), completion, null));
    }
  }

  private static Transition ended(
      Transition.Subject subject, int attempt, Completion completion, @Nullable Throwable thrown) {
    Outcome outcome = completion.ending().outcome();
    return new Transition(
        subject,
        TriggerState.RUNNING,
        TriggerState.RUNNING.become(stateAfter(completion.next(), outcome)),
        Optional.of(outcome),
        attempt,
        Optional.ofNullable(thrown));
  }

  private static TriggerState stateAfter(Next next, Outcome outcome) {
    if (next instanceof Next.Pause) {
      return TriggerState.PAUSED;
    }
    if (next instanceof Next.Remove) {
      return switch (outcome) {
        case SUCCEEDED, SKIPPED -> TriggerState.SUCCEEDED;
        case CANCELLED -> TriggerState.CANCELLED;
        default -> TriggerState.FAILED;
      };
    }
    return TriggerState.SCHEDULED;
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
