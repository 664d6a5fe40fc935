package dev.escapement.testing;

import dev.escapement.Execution;
import dev.escapement.Page;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import dev.escapement.engine.HandDriven;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Turns the clock, and the node with it. What it runs, it runs on the caller's thread. */
final class Hand {

  private static final int NAMED_IN_ERRORS = 10;
  private static final int PAGE = 1_000;

  private final HandDriven node;
  private final TestClaims claims;
  private final TestClock clock;
  private final int most;
  private final SchedulerClient client;

  /** Whether some handler is on the stack, or about to be. */
  private boolean turning;

  /**
   * @param most how many runs are taken for a chain without end
   */
  Hand(HandDriven node, TestClaims claims, TestClock clock, int most) {
    this.node = node;
    this.claims = claims;
    this.clock = clock;
    this.most = most;
    this.client = node.client();
  }

  List<Execution> runDue() {
    return counted(this::turnUntilNothingIsDue);
  }

  List<Execution> advanceTo(Instant then) {
    return counted(
        () -> {
          turnUntilNothingIsDue();
          passThrough(then);
          turnClockIfAhead(then);
        });
  }

  void skipTo(Instant then) {
    turnClock(then);
  }

  /** All that has ended, the oldest first. */
  List<Execution> all() {
    return since(0);
  }

  private List<Execution> since(int from) {
    List<ExecutionRecord> journal = claims.journal();
    return journal.subList(from, journal.size()).stream().map(node::shown).toList();
  }

  private List<Execution> counted(Runnable work) {
    if (turning) {
      throw new IllegalStateException(
          "A handler runs, and while it does nothing else can. Let time pass in it with skip(…), or"
              + " turn the clock when it has returned.");
    }
    int from = claims.journal().size();
    turning = true;
    try {
      work.run();
    } finally {
      turning = false;
    }
    return since(from);
  }

  private void turnUntilNothingIsDue() {
    int turns = 0;
    do {
      if (turns++ > most) {
        throw new AssertionError(
            "More than %,d runs in a row, and still something is due: %s. Does a job enqueue itself"
                    .formatted(most, named(dueNow()))
                + " for now, or turn the clock further than to its next fire? If all is well, allow"
                + " for more with atMost(…).");
      }
      node.turn();
    } while (claims.moved());
  }

  private List<TriggerStatus> dueNow() {
    return list(
        TriggerFilter.all()
            .state(TriggerState.SCHEDULED)
            .dueUntil(clock.instant().plusNanos(1_000)));
  }

  /** Runs what becomes due until then, each thing when it does. */
  private void passThrough(Instant then) {
    Instant next = claims.nextDue();
    while (next != null && !next.isAfter(then)) {
      turnClockIfAhead(next);
      turnUntilNothingIsDue();
      next = claims.nextDue();
    }
  }

  private void turnClock(Instant then) {
    clock.turnTo(then);
    node.timePassed();
  }

  /** A handler may have turned it further already. */
  private void turnClockIfAhead(Instant then) {
    if (then.isAfter(clock.instant())) {
      turnClock(then);
    }
  }

  List<Execution> drain() {
    return counted(
        () -> {
          int from = claims.journal().size();
          turnUntilNothingIsDue();
          for (List<TriggerStatus> left = oneTime(); !left.isEmpty(); left = oneTime()) {
            passThrough(nextDue(left));
            if (oneTimeRunsSince(from) > most) {
              throw new AssertionError(
                  "More than %,d runs, and this is left: %s. Does a job enqueue itself for ever? If"
                          .formatted(most, named(left))
                      + " all is well, allow for more with atMost(…).");
            }
          }
        });
  }

  private long oneTimeRunsSince(int from) {
    List<ExecutionRecord> journal = claims.journal();
    return journal.subList(from, journal.size()).stream()
        .filter(each -> each.kind() == TriggerKind.ONE_TIME)
        .count();
  }

  List<TriggerStatus> oneTime() {
    return list(TriggerFilter.all()).stream().filter(each -> !each.recurring()).toList();
  }

  /** What is due and wasn't run, nothing will run. */
  private Instant nextDue(List<TriggerStatus> left) {
    Instant now = clock.instant();
    return left.stream()
        .filter(each -> each.state() == TriggerState.SCHEDULED && !each.held())
        .flatMap(each -> each.due().stream())
        .filter(due -> due.isAfter(now))
        .min(Comparator.naturalOrder())
        .orElseThrow(
            () ->
                new AssertionError(
                    left.size()
                        + " one-time triggers are left that don't run:"
                        + left.stream()
                            .limit(NAMED_IN_ERRORS)
                            .map(each -> "\n  " + client.explain(each.id()).sentence())
                            .collect(Collectors.joining())));
  }

  /** Runs what is due, and turns the clock, until a trigger has ended, at most as far as that. */
  void turnUntilEnded(TriggerId id, Duration timeout) throws TimeoutException {
    Instant deadline = clock.instant().plus(timeout);
    boolean[] ended = new boolean[1];
    counted(() -> ended[0] = endsBy(id, deadline));
    if (!ended[0]) {
      throw new TimeoutException(
          "Trigger "
              + id
              + " hasn't ended within "
              + timeout
              + "; the clock shows "
              + clock.instant()
              + ". "
              + client.explain(id).sentence());
    }
  }

  private boolean endsBy(TriggerId id, Instant deadline) {
    int turns = 0;
    while (lives(id)) {
      node.turn();
      Instant next = claims.nextDue();
      if (claims.moved()) {
        if (turns++ > most) {
          throw new AssertionError(
              "More than %,d runs in a row, and trigger %s hasn't ended.".formatted(most, id));
        }
      } else if (next != null && !next.isAfter(deadline)) {
        turns = 0;
        turnClockIfAhead(next);
      } else {
        turnClockIfAhead(deadline);
        return false;
      }
    }
    return true;
  }

  /** A recurring one never ends; whoever looks at it says so. */
  private boolean lives(TriggerId id) {
    return client.triggers().find(id).filter(each -> !each.recurring()).isPresent();
  }

  /** All that are meant, in the order of due. */
  List<TriggerStatus> list(TriggerFilter filter) {
    List<TriggerStatus> all = new ArrayList<>();
    Page<TriggerStatus> page = client.triggers().list(filter, PAGE);
    all.addAll(page.items());
    while (page.next().isPresent()) {
      page = client.triggers().list(filter, PAGE, page.next().get());
      all.addAll(page.items());
    }
    return all;
  }

  private static String named(List<TriggerStatus> triggers) {
    return triggers.stream()
            .limit(NAMED_IN_ERRORS)
            .map(
                each ->
                    "job \"%s\"%s due %s"
                        .formatted(
                            each.job(),
                            each.key().map(key -> " key \"" + key + "\"").orElse(""),
                            each.due().map(Instant::toString).orElse("never")))
            .collect(Collectors.joining(", "))
        + (triggers.size() > NAMED_IN_ERRORS
            ? " and " + (triggers.size() - NAMED_IN_ERRORS) + " more"
            : "");
  }
}
