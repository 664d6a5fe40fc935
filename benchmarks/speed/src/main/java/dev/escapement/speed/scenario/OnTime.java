package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Feature;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Setup;
import dev.escapement.speed.peer.Tuning;
import dev.escapement.speed.peer.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** How late jobs start that are alone: due at instants of their own, or enqueued for now. */
final class OnTime implements Scenario {

  private static final String SPACED = "spaced, ";
  private static final String NOW = "enqueued by another node for now, ";
  private static final String DEFAULTS = "default settings";
  private static final String FASTEST = "best settings";

  private static final Duration TIME = Duration.ofSeconds(20);
  private static final Duration SPACE = Duration.ofMillis(50);

  /** Nobody tells the other nodes of each enqueuing if there are very many. */
  private static final Duration SPACE_BETWEEN_NEWS = Duration.ofMillis(500);

  private static final Duration AHEAD = Duration.ofSeconds(12);

  /** What polls polls every 15 s at most. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final Duration SPACE_OF_WARM_UP = Duration.ofMillis(4);

  /** So that a node knows of them before they are due. */
  private static final Duration AHEAD_OF_WARM_UP = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "on-time";
  }

  @Override
  public List<String> variants() {
    return List.of(SPACED + DEFAULTS, SPACED + FASTEST, NOW + DEFAULTS, NOW + FASTEST);
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.TIMED);
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    Work work = new Work(Duration.ZERO);
    Tuning tuning = variant.endsWith(DEFAULTS) ? Tuning.DEFAULTS : Tuning.FASTEST;
    Duration space = variant.startsWith(SPACED) ? SPACE : SPACE_BETWEEN_NEWS;
    int jobs = (int) (stage.scaled(TIME).toMillis() / space.toMillis());
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, tuning, 0))) {
      try (Crew crew = new Crew(fleet, 1)) {
        warmUp(fleet, work, stage.scaled(WARM_UP));
      }
      if (variant.startsWith(SPACED)) {
        // Before the replica starts, for some look ahead only when they start and seldom after.
        fleet.enqueue(dues(jobs, space));
      }
      try (Crew crew = new Crew(fleet, 1)) {
        if (variant.startsWith(NOW)) {
          enqueueEach(fleet, dues(jobs, space));
        }
        Wait.orFail(() -> work.done() >= jobs, PATIENCE, "not all jobs have run");
      }
      return Late.figures(work);
    }
  }

  /**
   * One by one, as what is measured, for a JVM that has claimed by the hundred only is slow at
   * claiming one; and for as long for each peer, however many that are.
   */
  private static void warmUp(Fleet fleet, Work work, Duration time) throws Exception {
    long from = System.nanoTime();
    long jobs = 0;
    do {
      fleet.enqueueOne(Instant.now().plus(AHEAD_OF_WARM_UP));
      jobs++;
      Wait.pass(SPACE_OF_WARM_UP);
    } while (System.nanoTime() - from < time.toNanos());
    long all = jobs;
    Wait.orFail(() -> work.done() >= all, PATIENCE, "the first jobs haven't run");
    work.reset();
  }

  /** Not all at the same part of a second, for some may be better at that than at others. */
  private static List<Instant> dues(int jobs, Duration space) {
    List<Instant> dues = new ArrayList<>();
    Instant first = Instant.now().plus(AHEAD);
    for (int i = 0; i < jobs; i++) {
      long within = ThreadLocalRandom.current().nextLong(space.toNanos());
      dues.add(first.plus(space.multipliedBy(i)).plusNanos(within));
    }
    return dues;
  }

  private static void enqueueEach(Fleet fleet, List<Instant> times) throws Exception {
    for (Instant time : times) {
      Instant shifted = time.minus(AHEAD);
      Wait.pass(Duration.between(Instant.now(), shifted));
      fleet.enqueueOne(Instant.now());
    }
  }
}
