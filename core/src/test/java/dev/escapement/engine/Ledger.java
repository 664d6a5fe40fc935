package dev.escapement.engine;

import static java.util.Objects.requireNonNull;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Guard;
import dev.escapement.store.NewSession;
import dev.escapement.store.Next;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes together have done to a store, written down where the store does it, and what is
 * wrong with it. It believes neither the nodes nor the store.
 */
final class Ledger implements Wiretap {

  private static final Set<String> READS = Set.of("running", "all", "find", "of", "list", "count");

  private final Store store;
  private final Predicate<SessionId> trusted;
  private final List<TriggerId> triggers = new ArrayList<>();
  private final List<SessionId> sessions = new ArrayList<>();
  private final Set<SessionId> dead = new HashSet<>();
  private final Map<TriggerId, Long> versions = new HashMap<>();
  private final Map<TriggerId, Guard> held = new HashMap<>();

  /** How many attempts of the present fire count, and how many of them were lost. */
  private final Map<TriggerId, Integer> attempts = new HashMap<>();

  private final Map<TriggerId, Integer> losses = new HashMap<>();
  private final Map<TriggerId, Integer> ends = new HashMap<>();

  /** Those whose handler is being called. */
  private final Set<Guard> running = new HashSet<>();

  private @Nullable String fault;

  /**
   * @param store where to look, past whatever it is that nodes see
   * @param trusted whether a node lives that trusts that session
   */
  Ledger(Store store, Predicate<SessionId> trusted) {
    this.store = store;
    this.trusted = trusted;
  }

  /** What was wrong first; null for nothing. */
  @Nullable String fault() {
    return fault;
  }

  void wrong(String what) {
    if (fault == null) {
      fault = what;
    }
  }

  /** Sessions and triggers have random names; these are the same in each replay. */
  String name(SessionId id) {
    return "S" + sessions.indexOf(id);
  }

  String name(TriggerId id) {
    if (!triggers.contains(id)) {
      triggers.add(id);
    }
    return "T" + triggers.indexOf(id);
  }

  boolean isDead(SessionId id) {
    return dead.contains(id);
  }

  boolean nothingRuns() {
    return held.isEmpty();
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object[] args, Callable<@Nullable Object> real) {
    if (READS.contains(method)) {
      return Wiretap.answer(real);
    }
    if (method.equals("open")) {
      sessions.add(((NewSession) requireNonNull(args[0])).id());
    }
    List<String> before = method.equals("complete") ? rows() : List.of();
    Object answer = requireNonNullAnswer(Wiretap.answer(real));
    switch (method) {
      case "claim" -> ((ClaimResult) answer).claims().forEach(this::claimed);
      case "complete", "takeOver" -> ended(method, completions(args[0]), (Ended) answer, before);
      case "advance" -> advanced((Guard) requireNonNull(args[0]), (Boolean) answer);
      case "declareDead" -> declaredDead((SessionId) requireNonNull(args[0]), (Boolean) answer);
      default -> {}
    }
    return answer;
  }

  private static Object requireNonNullAnswer(@Nullable Object answer) {
    return answer == null ? "nothing" : answer;
  }

  private static List<Completion> completions(@Nullable Object given) {
    return ((List<?>) requireNonNull(given)).stream().map(Completion.class::cast).toList();
  }

  private void claimed(Claim claim) {
    Guard guard = claim.guard();
    TriggerId id = guard.id();
    Guard before = held.put(id, guard);
    if (before != null) {
      wrong(text(guard) + " was claimed while " + text(before) + " had not ended");
    }
    long last = versions.getOrDefault(id, 0L);
    if (guard.version() <= last) {
      wrong(text(guard) + " was claimed, and version " + last + " had been before");
    }
    versions.put(id, guard.version());
    if (dead.contains(guard.owner())) {
      wrong(text(guard) + " was claimed by a dead session");
    }
    int attempt = 1 + attempts.getOrDefault(id, 0);
    if (claim.attempt() != attempt) {
      wrong(text(guard) + " says attempt " + claim.attempt() + " and it is " + attempt);
    }
    int lost = losses.getOrDefault(id, 0);
    if (claim.lost() != lost) {
      wrong(text(guard) + " says lost " + claim.lost() + " and it was " + lost);
    }
  }

  private void ended(
      String method, List<Completion> completions, Ended ended, List<String> before) {
    boolean touched = false;
    for (Completion completion : completions) {
      Guard guard = completion.guard();
      boolean holds = guard.equals(held.get(guard.id()));
      boolean may = holds && (!method.equals("takeOver") || dead.contains(guard.owner()));
      boolean written = ended.written().contains(guard.id());
      if (written != may) {
        wrong(
            "%s of %s was %swritten, and its claim %s"
                .formatted(
                    method, text(guard), written ? "" : "not ", may ? "is held" : "isn't held"));
      }
      touched |= written;
      if (written) {
        over(completion);
      }
    }
    if (!touched && method.equals("complete") && !rows().equals(before)) {
      wrong("a write without guard has changed " + before + " to " + rows());
    }
  }

  private void over(Completion completion) {
    TriggerId id = completion.guard().id();
    held.remove(id);
    ends.merge(id, 1, Integer::sum);
    Next next = completion.next();
    if (next instanceof Next.Recover) {
      losses.merge(id, 1, Integer::sum);
    }
    if (next instanceof Next.Recover || next instanceof Next.Retry) {
      attempts.merge(id, 1, Integer::sum);
    } else if (!(next instanceof Next.Release)) {
      attempts.remove(id);
      losses.remove(id);
    }
  }

  private void advanced(Guard guard, boolean done) {
    if (done != guard.equals(held.get(guard.id()))) {
      wrong("advance of " + text(guard) + " was " + (done ? "" : "not ") + "done");
    }
  }

  private void declaredDead(SessionId session, boolean done) {
    if (done && trusted.test(session)) {
      wrong(name(session) + " was declared dead, and it trusts itself");
    }
    if (done && !dead.add(session)) {
      wrong(name(session) + " was declared dead twice");
    }
  }

  /** A handler is being called. */
  void begun(Guard guard) {
    if (!guard.equals(held.get(guard.id()))) {
      wrong("the handler of " + text(guard) + " was called, and its claim is over");
    }
    if (dead.contains(guard.owner())) {
      wrong("the handler of " + text(guard) + " was called, and its session is dead");
    }
    if (!trusted.test(guard.owner())) {
      wrong("the handler of " + text(guard) + " was called, and its session isn't trusted");
    }
    for (Guard other : running) {
      if (other.id().equals(guard.id()) && trusted.test(other.owner())) {
        wrong(text(guard) + " runs beside " + text(other) + ", whose session is trusted");
      }
    }
    running.add(guard);
  }

  /** A handler has returned, or its process is gone. */
  void returned(Guard guard) {
    running.remove(guard);
  }

  /** Compares what the store says with what was done. */
  void audit() {
    for (TriggerId id : triggers) {
      Optional<TriggerRecord> row = store.triggers().find(id);
      Guard guard = held.get(id);
      boolean running = row.filter(r -> r.state() == TriggerState.RUNNING).isPresent();
      if (running != (guard != null)) {
        wrong(name(id) + " is " + row.map(TriggerRecord::state) + ", held by " + text(guard));
      }
      if (guard != null
          && row.isPresent()
          && (row.get().version() != guard.version() || !guard.owner().equals(row.get().owner()))) {
        wrong(name(id) + " has version " + row.get().version() + ", held by " + text(guard));
      }
      List<ExecutionRecord> history = store.history().of(id);
      if (history.size() != ends.getOrDefault(id, 0)) {
        wrong(name(id) + " has " + history.size() + " executions of " + ends.get(id) + " ends");
      }
    }
  }

  private List<String> rows() {
    return triggers.stream()
        .map(id -> store.triggers().find(id) + " " + store.history().of(id))
        .toList();
  }

  private String text(@Nullable Guard guard) {
    return guard == null
        ? "nobody"
        : name(guard.id()) + " version " + guard.version() + " of " + name(guard.owner());
  }
}
