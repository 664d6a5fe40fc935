package dev.escapement.engine;

import dev.escapement.Handler;
import dev.escapement.Job;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.engine.Step.Kind;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes over one store and one trigger, all in one thread's hands, and what must be true of
 * them in every state. The same steps lead to the same state.
 */
final class World implements AutoCloseable {

  private static final Duration HALF_A_LEASE = Actor.TIMING.lease().dividedBy(2);
  private static final int NODES = 2;
  private static final int ROUNDS = 14;

  private final Errand errand;
  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Store shared;
  private final Ledger ledger;
  private final Actor[] actors = new Actor[NODES];

  /** All there were, also those that have crashed. */
  private final List<Actor> processes = new ArrayList<>();

  private int crashes;
  private int troubles;
  private int ticks;
  private boolean begun;
  private boolean straight;

  /** What the two have to do. */
  interface Errand {

    Job<?> job(Handler.WithoutPayload handler);

    /** Makes the trigger. */
    void begin(Store store);

    /** Whether somebody may enqueue it again. */
    default boolean canBeginAgain(Store store) {
      return false;
    }

    /** What is wrong with what has been done so far; null for nothing. */
    default @Nullable String fault(Store store) {
      return null;
    }

    /** Whether all that is due is done. */
    boolean isDone(Store store);
  }

  /**
   * Both nodes are up and have looked once.
   *
   * @param distorted what becomes of the store that the nodes share
   */
  World(Errand errand, UnaryOperator<Store> distorted) {
    this.errand = errand;
    Store seen = distorted.apply(memory);
    this.ledger = new Ledger(seen, this::isTrusted);
    this.shared = Wiretap.tapped(seen, ledger);
    for (int node = 0; node < NODES; node++) {
      start(node);
    }
    enqueue();
    for (int node = 0; node < NODES; node++) {
      take(Step.of(Kind.AUDITS, node));
    }
    begun = false;
  }

  private void start(int node) {
    String name = String.valueOf((char) ('A' + node));
    Actor actor = new Actor(name, shared, clock, ledger, errand::job);
    actors[node] = actor;
    processes.add(actor);
    if (straight) {
      actor.goStraight();
    }
    actor.take(Kind.BEATS, null);
  }

  private boolean isTrusted(SessionId id) {
    return processes.stream().anyMatch(actor -> actor.trusts(id));
  }

  private void enqueue() {
    errand.begin(shared);
    memory.triggers().list(TriggerFilter.all(), null, 10).forEach(row -> ledger.name(row.id()));
  }

  /** What can happen next. */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      // The two are alike: whichever of them is the first to do something is called A.
      if (node > 0 && !begun) {
        break;
      }
      for (Kind kind : actors[node].steps()) {
        if (kind != Kind.CRASHES || crashes == 0) {
          steps.add(Step.of(kind, node));
        }
      }
    }
    steps.add(Step.of(Kind.TIME));
    if (errand.canBeginAgain(shared)) {
      steps.add(Step.of(Kind.ENQUEUE));
    }
    return steps;
  }

  boolean can(Step step) {
    return steps().contains(Step.of(step.kind(), step.node()));
  }

  /**
   * Lets it happen.
   *
   * @return what could have gone wrong in it
   */
  Set<Trouble.Site> take(Step step) {
    troubles += step.trouble() == null ? 0 : 1;
    switch (step.kind()) {
      case TIME -> {
        clock.pass(HALF_A_LEASE);
        ticks++;
      }
      case ENQUEUE -> enqueue();
      case STARTS -> start(step.node());
      default -> {
        begun = true;
        crashes += step.kind() == Kind.CRASHES ? 1 : 0;
        actors[step.node()].take(step.kind(), step.trouble());
      }
    }
    return step.kind().isOfNode() ? actors[step.node()].sites : Set.of();
  }

  /** What is wrong in this state; null for nothing. */
  @Nullable String fault() {
    ledger.audit();
    String wrong = ledger.fault();
    return wrong == null ? errand.fault(memory) : wrong;
  }

  int troubles() {
    return troubles;
  }

  /** Two worlds with the same go on alike. */
  Fingerprint print() {
    boolean callsUnderWay = processes.stream().anyMatch(Actor::hasCallsUnderWay);
    ToLongFunction<SessionId> beats = callsUnderWay ? null : this::beat;
    Fingerprint print = new Fingerprint(this::name, beats);
    print.add("ticks", ticks);
    print.add("budget", List.of(crashes, troubles, begun));
    print.add("store", Fingerprint.valueOf(memory, "tables"));
    for (Actor actor : processes) {
      actor.describe(print);
    }
    return print;
  }

  private String name(Object id) {
    return id instanceof SessionId session ? ledger.name(session) : ledger.name((TriggerId) id);
  }

  private long beat(SessionId id) {
    return memory.sessions().all().stream()
        .filter(session -> session.id().equals(id))
        .mapToLong(SessionRecord::beat)
        .findFirst()
        .orElse(-1);
  }

  /**
   * Nothing goes wrong any more, and only these nodes go on: all that is due is done in bounded
   * time. Then the others wake up, and it stays done.
   *
   * @return what is wrong; null for nothing
   */
  @Nullable String settle(int... nodes) {
    straight = true;
    processes.forEach(Actor::goStraight);
    if (!rounds(nodes) && fault() == null) {
      return "with only " + Arrays.toString(nodes) + " alive it is never done";
    }
    if (nodes.length < NODES && !rounds(0, 1) && fault() == null) {
      return "when the others wake up it is never done";
    }
    String fault = fault();
    boolean idle = areIdle(0, 1) && ledger.nothingRuns();
    return fault != null || idle ? fault : "something is left over that nobody does";
  }

  private boolean rounds(int... nodes) {
    boolean done = false;
    for (int round = 0; round < ROUNDS && !done; round++) {
      take(Step.of(Kind.TIME));
      for (int node : nodes) {
        round(node);
      }
      done = fault() != null || (round > 1 && errand.isDone(shared) && areIdle(nodes));
    }
    return done;
  }

  private boolean areIdle(int... nodes) {
    return Arrays.stream(nodes).allMatch(node -> actors[node].isIdle());
  }

  private void round(int node) {
    boolean more = true;
    while (more) {
      more = drained(node, Kind.STARTS, Kind.ARRIVES, Kind.GOES_ON);
    }
    for (Kind kind : List.of(Kind.BEATS, Kind.AUDITS, Kind.CLAIMS)) {
      once(node, kind);
    }
    more = true;
    while (more) {
      more = drained(node, Kind.BEGINS, Kind.RETURNS);
    }
    once(node, Kind.COMPLETES);
  }

  private boolean drained(int node, Kind... kinds) {
    boolean any = false;
    for (Kind kind : kinds) {
      any |= once(node, kind);
    }
    return any;
  }

  private boolean once(int node, Kind kind) {
    boolean can = actors[node].steps().contains(kind);
    if (can) {
      take(Step.of(kind, node));
    }
    return can;
  }

  @Override
  public void close() {
    processes.forEach(Actor::end);
  }
}
