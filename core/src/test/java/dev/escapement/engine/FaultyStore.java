package dev.escapement.engine;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Guard;
import dev.escapement.store.History;
import dev.escapement.store.Holds;
import dev.escapement.store.Jobs;
import dev.escapement.store.NewSession;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.Queues;
import dev.escapement.store.Request;
import dev.escapement.store.Requests;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Sessions;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.Transactions;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.Triggers;
import dev.escapement.store.UnknownCommitException;
import dev.escapement.store.Wakeups;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Passes calls on to another store, and breaks those that a test says. */
final class FaultyStore implements Store, Claims, Sessions, History {
  int looksForRequests;
  boolean withoutCheckpoints;

  /** What happens to a call. */
  enum Fault {
    /** Nothing was done. */
    TRANSIENT,
    /** Nothing was done, and the caller can't know. */
    UNKNOWN_NOT_DONE,
    /** It was done, and the caller can't know. */
    UNKNOWN_DONE
  }

  /** What happens to the next calls of each kind, in this order; then nothing any more. */
  final Deque<Fault> atClaim = new ArrayDeque<>();

  final Deque<Fault> atComplete = new ArrayDeque<>();
  final Deque<Fault> atFind = new ArrayDeque<>();
  final Deque<Fault> atBeat = new ArrayDeque<>();

  /** How large the batches were that were asked to be written, whether they were or not. */
  final List<Integer> batches = new ArrayList<>();

  final List<ClaimRequest> requests = new ArrayList<>();

  /** Which jobs' history was trimmed, batch by batch. */
  final List<String> trims = new ArrayList<>();

  /** What can never be written. */
  Predicate<Completion> refused = completion -> false;

  /** Whose rows another transaction holds. */
  Set<TriggerId> held = Set.of();

  /** Those of them for which it is no use to wait. */
  Set<TriggerId> heldInTurn = Set.of();

  /** Who was waited for, one after the other. */
  final List<TriggerId> inTurn = new ArrayList<>();

  /** Done in the middle of each claim, when its rows are taken and its answer is under way. */
  Runnable underWay = () -> {};

  /** Done after each look at the RUNNING rows, before the caller sees them. */
  Runnable looked = () -> {};

  /** Done before each look for jobs that stand in the way. */
  Runnable atStrangers = () -> {};

  private final Store real;

  FaultyStore(Store real) {
    this.real = real;
  }

  private static <T> T call(Deque<Fault> faults, Supplier<T> action) {
    Fault fault = faults.pollFirst();
    if (fault == null) {
      return action.get();
    }
    if (fault == Fault.TRANSIENT) {
      throw new TransientStoreException("the network is down", null);
    }
    if (fault == Fault.UNKNOWN_DONE) {
      throw new UnknownCommitException("no answer; it would have been " + action.get(), null);
    }
    throw new UnknownCommitException("no answer", null);
  }

  @Override
  public ClaimResult claim(ClaimRequest request) {
    requests.add(request);
    return call(
        atClaim,
        () -> {
          ClaimResult result = real.claims().claim(request);
          underWay.run();
          return result;
        });
  }

  @Override
  public Ended complete(List<Completion> completions) {
    batches.add(completions.size());
    if (completions.stream().anyMatch(refused)) {
      throw new StoreException("one of these can't be written", null);
    }
    return call(atComplete, () -> completeFree(completions));
  }

  private Ended completeFree(List<Completion> completions) {
    Ended ended =
        real.claims()
            .complete(
                completions.stream().filter(each -> !held.contains(each.guard().id())).toList());
    Set<TriggerId> busy = new HashSet<>(held);
    busy.retainAll(completions.stream().map(each -> each.guard().id()).toList());
    return new Ended(ended.written(), ended.turned(), busy);
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionId key) {
    return call(atFind, () -> real.history().find(key));
  }

  @Override
  public boolean beat(SessionId session, NodeLoad load) {
    return call(atBeat, () -> real.sessions().beat(session, load));
  }

  @Override
  public Ended completeInTurn(Completion completion) {
    TriggerId id = completion.guard().id();
    inTurn.add(id);
    return heldInTurn.contains(id)
        ? new Ended(Set.of(), Map.of(), Set.of(id))
        : real.claims().completeInTurn(completion);
  }

  // What follows is passed on as it is.

  @Override
  public boolean advance(Guard guard, Instant fireTime, Instant due, long missed) {
    return real.claims().advance(guard, fireTime, due, missed);
  }

  @Override
  public Ended takeOver(List<Completion> completions) {
    return real.claims().takeOver(completions);
  }

  @Override
  public List<RunningTrigger> running(SessionId self, int limit) {
    List<RunningTrigger> rows = real.claims().running(self, limit);
    looked.run();
    return rows;
  }

  @Override
  public void open(NewSession session) {
    real.sessions().open(session);
  }

  @Override
  public List<SessionRecord> all() {
    return real.sessions().all();
  }

  @Override
  public boolean declareDead(SessionId session, long beat) {
    return real.sessions().declareDead(session, beat);
  }

  @Override
  public void close(SessionId session) {
    real.sessions().close(session);
  }

  @Override
  public int purge(Duration deadFor) {
    return real.sessions().purge(deadFor);
  }

  @Override
  public List<ExecutionRecord> of(TriggerId trigger) {
    return real.history().of(trigger);
  }

  @Override
  public List<ExecutionRecord> list(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    return real.history().list(filter, before, limit);
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    return real.history().count(filter, limit);
  }

  @Override
  public int purge(Duration age, int limit) {
    return real.history().purge(age, limit);
  }

  @Override
  public int trim(String job, int keep, int limit) {
    trims.add(job);
    return real.history().trim(job, keep, limit);
  }

  @Override
  public void open() {
    real.open();
  }

  @Override
  public Instant now() {
    return real.now();
  }

  @Override
  public Triggers triggers() {
    return real.triggers();
  }

  @Override
  public Sessions sessions() {
    return this;
  }

  @Override
  public Jobs jobs() {
    return real.jobs();
  }

  @Override
  public Claims claims() {
    return this;
  }

  @Override
  public Holds holds() {
    Holds holds = real.holds();
    return new Holds() {
      @Override
      public Set<String> strangers(Set<String> queues, Set<String> known, int window) {
        atStrangers.run();
        return holds.strangers(queues, known, window);
      }

      @Override
      public int park(String job, int limit) {
        return holds.park(job, limit);
      }

      @Override
      public int unpark(Set<String> jobs, int limit) {
        return holds.unpark(jobs, limit);
      }
    };
  }

  @Override
  public History history() {
    return this;
  }

  @Override
  public Requests requests() {
    return new Requests() {
      @Override
      public Map<TriggerId, Answer> put(Collection<TriggerId> ids, Request request) {
        return real.requests().put(ids, request);
      }

      @Override
      public List<Asked> of(SessionId session) {
        looksForRequests++;
        return real.requests().of(session);
      }
    };
  }

  @Override
  public Queues queues() {
    return real.queues();
  }

  @Override
  public Checkpoints checkpoints() {
    if (withoutCheckpoints) {
      throw new TransientStoreException("a test's", null);
    }
    return real.checkpoints();
  }

  @Override
  public Optional<Transactions> transactions() {
    return real.transactions();
  }

  @Override
  public void afterCommit(Runnable action) {
    real.afterCommit(action);
  }

  @Override
  public Wakeups wakeups() {
    return real.wakeups();
  }

  @Override
  public String describe() {
    return real.describe();
  }

  @Override
  public void close() {
    real.close();
  }
}
