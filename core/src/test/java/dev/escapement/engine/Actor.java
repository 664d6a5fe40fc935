package dev.escapement.engine;

import static java.util.Objects.requireNonNull;

import dev.escapement.Handler;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.PayloadCodec;
import dev.escapement.engine.Step.Kind;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process with the parts of a real node, none of which does anything but in the steps that it is
 * told to take. A step ends in the middle of a handler, or of a call that is told to wait.
 */
final class Actor implements Wiretap {

  /** Half a lease is less than two heartbeats, so that a node that beats each time is steady. */
  static final Settings.Timing TIMING =
      new Settings.Timing(
          Duration.ofSeconds(6), Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ZERO);

  private static final long LINGERING = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int WORKERS = 2;
  private static final int NEVER_QUARANTINED = 1_000;

  private final Ledger ledger;
  final Movement movement;
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  /** Those whose handler is being called, in the order of their beginning. */
  private final List<Strand> handlers = new ArrayList<>();

  /** Those that wait in a call, and what they were begun for. */
  private final List<Waiting> waiting = new ArrayList<>();

  /** Calls that were given up and are done later. */
  private final Deque<Call> late = new ArrayDeque<>();

  /** The calls of the last step at which something could have gone wrong. */
  final Set<Trouble.Site> sites = new LinkedHashSet<>();

  /** The calls of turns that aren't over: on them depends how those go on. */
  private final List<Call> unfinished = new ArrayList<>();

  private @Nullable Trouble armed;
  private boolean throwing;
  private boolean straight;

  /** By how much the present turn is later than the world's clock says. */
  private long ahead;

  private boolean inHandler;
  private boolean gone;

  private record Waiting(Strand strand, Kind kind) {}

  /**
   * A call.
   *
   * @param answer what came of it; null for nothing yet
   */
  record Call(
      String method,
      List<@Nullable Object> args,
      Callable<@Nullable Object> real,
      @Nullable Object answer) {}

  Actor(
      String name,
      Store store,
      HandClock clock,
      Ledger ledger,
      Function<Handler.WithoutPayload, Job<?>> job) {
    this.ledger = ledger;
    Store tapped = Wiretap.tapped(store, this);
    Reporter reporter = new Reporter(name + "-reporter", tapped);
    // A loop that was stopped never starts.
    reporter.stop(Duration.ZERO);
    this.movement =
        new Movement(
            settings(name),
            tapped,
            List.of(job.apply(this::handle)),
            new Movement.Clockwork(() -> clock.getAsLong() + ahead, new Silent(), reporter),
            this::sessionChanged);
  }

  private Settings settings(String name) {
    return new Settings(
        new Settings.Identity(name, ""),
        TIMING,
        new Settings.Workers(Given.serving(WORKERS), Settings.Workers.Threads.OWN, tasks::addLast),
        new Settings.Limits(
            Settings.Limits.PAYLOAD_BYTES,
            NEVER_QUARANTINED,
            Duration.ofDays(1),
            OptionalInt.empty()),
        Settings.GroupCommit.DEFAULT,
        new Settings.Hooks(PayloadCodec.json(), List.of(), List.of(), List.of(), false));
  }

  private static final class Silent extends Alarm {
    Silent() {
      super("no-alarm");
    }

    @Override
    Future<?> in(Duration delay, Runnable task) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private void sessionChanged() {
    Session current = movement.heart.current();
    if (current != null && current.isDead()) {
      movement.sessionDied();
    }
  }

  private void handle(JobContext context) {
    if (gone) {
      throw new Strand.Unwound();
    }
    Run run =
        movement.holdings.all().stream()
            .filter(held -> held.hasRun() && !held.isOver())
            .filter(held -> held.fencingToken() == context.fencingToken())
            .filter(held -> held.triggerId().equals(context.triggerId()))
            .findFirst()
            .orElseThrow();
    ledger.begun(run.guard());
    try {
      if (!straight) {
        inHandler = true;
        Strand.pause();
      }
    } finally {
      ledger.returned(run.guard());
    }
    if (throwing && !straight) {
      throw new IllegalStateException("as it was told");
    }
  }

  /** Which steps it can take now. */
  Set<Kind> steps() {
    Set<Kind> steps = EnumSet.noneOf(Kind.class);
    if (!late.isEmpty()) {
      steps.add(Kind.ARRIVES);
    }
    if (gone) {
      steps.add(Kind.STARTS);
      return steps;
    }
    if (!waiting.isEmpty()) {
      steps.add(Kind.GOES_ON);
    }
    if (!tasks.isEmpty()) {
      steps.add(Kind.BEGINS);
    }
    if (!handlers.isEmpty()) {
      steps.add(Kind.RETURNS);
      steps.add(Kind.THROWS);
    }
    for (Kind loop : List.of(Kind.CLAIMS, Kind.COMPLETES, Kind.BEATS, Kind.AUDITS)) {
      boolean busy = waiting.stream().anyMatch(one -> one.kind() == loop);
      // The two wait for each other.
      boolean kept =
          (loop == Kind.AUDITS || loop == Kind.CLAIMS) && movement.holdings.claiming.isLocked();
      if (!busy && !kept && !(loop == Kind.COMPLETES && movement.holdings.guards().isEmpty())) {
        steps.add(loop);
      }
    }
    steps.add(Kind.CRASHES);
    return steps;
  }

  /** Takes a step, in the course of which something may go wrong. */
  void take(Kind kind, @Nullable Trouble trouble) {
    sites.clear();
    armed = trouble;
    if (waiting.isEmpty()) {
      unfinished.clear();
    }
    switch (kind) {
      case CLAIMS -> turn(kind, movement.poller);
      case COMPLETES -> turn(kind, movement.completer);
      case BEATS -> turn(kind, movement.heart);
      case AUDITS -> turn(kind, movement.audit);
      case BEGINS -> {
        Runnable task = tasks.removeFirst();
        if (straight) {
          guarded(kind, task);
          return;
        }
        sort(Strand.begin(() -> guarded(kind, task)), kind);
      }
      case RETURNS, THROWS -> {
        throwing = kind == Kind.THROWS;
        Strand strand = handlers.remove(0);
        strand.goOn();
        sort(strand, Kind.BEGINS);
      }
      case GOES_ON -> {
        Waiting first = waiting.remove(0);
        first.strand().goOn();
        sort(first.strand(), first.kind());
      }
      case ARRIVES -> Wiretap.answer(late.removeFirst().real());
      case CRASHES -> crash();
      default -> throw new IllegalArgumentException(kind + " isn't a node's");
    }
    armed = null;
  }

  /** From now on handlers that are called return at once. */
  void goStraight() {
    straight = true;
  }

  private void turn(Kind kind, Loop loop) {
    Runnable turn = () -> guarded(kind, () -> turn(loop));
    if (armed != null && armed.mode().isSlow()) {
      sort(Strand.begin(turn), kind);
    } else {
      turn.run();
    }
  }

  private void turn(Loop loop) {
    // Outcomes linger for milliseconds while something else runs.
    ahead = loop instanceof Completer ? LINGERING : 0;
    try {
      loop.turn();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      ahead = 0;
    }
  }

  /** As a loop does: whatever the store throws, the next turn comes. */
  private void guarded(Kind kind, Runnable turn) {
    try {
      turn.run();
    } catch (StoreException | Strand.Unwound e) {
      // Expected; what it leaves behind is what the steps after it meet.
      return;
    } catch (RuntimeException | Error e) {
      ledger.wrong(kind + " threw " + e);
    }
  }

  private void sort(Strand strand, Kind kind) {
    if (!strand.isOver() && inHandler) {
      handlers.add(strand);
    } else if (!strand.isOver()) {
      waiting.add(new Waiting(strand, kind));
    }
    inHandler = false;
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object[] args, Callable<@Nullable Object> real) {
    if (gone) {
      throw new Strand.Unwound();
    }
    Trouble.Site site = Trouble.Site.of(method).orElse(null);
    if (site == null) {
      return Wiretap.answer(real);
    }
    sites.add(site);
    Trouble trouble = armed;
    if (trouble == null || trouble.site() != site) {
      return done(method, args, real);
    }
    armed = null;
    return switch (trouble.mode()) {
      case FAILS -> throw new TransientStoreException("the network is down", null);
      case VANISHES -> throw new UnknownCommitException("no answer", null);
      case ANSWER_LOST -> {
        done(method, args, real);
        throw new UnknownCommitException("no answer", null);
      }
      case COMES_LATE -> {
        late.add(new Call(method, Arrays.asList(args), real, null));
        throw new UnknownCommitException("no answer", null);
      }
      case WAITS -> {
        unfinished.add(new Call(method, Arrays.asList(args), real, null));
        Strand.pause();
        yield done(method, args, real);
      }
      case ANSWER_WAITS -> {
        Object answer = done(method, args, real);
        Strand.pause();
        yield answer;
      }
    };
  }

  private @Nullable Object done(
      String method, @Nullable Object[] args, Callable<@Nullable Object> real) {
    Object answer = Wiretap.answer(real);
    unfinished.add(new Call(method, Arrays.asList(args), real, answer));
    return answer;
  }

  boolean isGone() {
    return gone;
  }

  boolean waits() {
    return !waiting.isEmpty();
  }

  boolean trusts(SessionId id) {
    Session current = movement.heart.current();
    return !gone && current != null && current.id().equals(id) && current.trusted();
  }

  /** Whether nothing is left of what it has ever claimed. */
  boolean isIdle() {
    return handlers.isEmpty()
        && waiting.isEmpty()
        && late.isEmpty()
        && tasks.isEmpty()
        && movement.holdings.guards().isEmpty()
        && movement.holdings.idle()
        && movement.pools.running() == 0
        && movement.pools.buffered() == 0;
  }

  /** What it would go on from: its memory, and how far each of its threads is. */
  void describe(Fingerprint print) {
    print.add("gone", gone);
    print.add("late", List.copyOf(late));
    if (!gone) {
      print.add("heart", requireNonNull(movement.heart.current()));
      print.add("holdings", movement.holdings);
      print.add("pools", movement.pools);
      print.add("completer", movement.completer);
      print.add("audit", movement.audit);
      print.add("tasks", tasks.size());
      print.add("handlers", handlers.size());
      print.add("waiting", waiting.stream().map(Waiting::kind).toList());
      print.add("calls", waiting.isEmpty() ? List.of() : unfinished);
    }
  }

  /** Whether somebody waits for an answer, or has ceased to, that speaks of beats. */
  boolean hasCallsUnderWay() {
    return !waiting.isEmpty() || !late.isEmpty();
  }

  private void crash() {
    end();
    gone = true;
  }

  /** Frees its threads. */
  void end() {
    gone = true;
    handlers.forEach(Strand::unwind);
    handlers.clear();
    waiting.forEach(one -> one.strand().unwind());
    waiting.clear();
    tasks.clear();
    movement.alarm.close();
  }
}
