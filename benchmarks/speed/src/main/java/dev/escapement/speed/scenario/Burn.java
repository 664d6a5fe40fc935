package dev.escapement.speed.scenario;

import dev.escapement.speed.measure.Costs;
import dev.escapement.speed.measure.Medians;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Many due jobs are there; then the replicas start. Time runs from the first run until the tables
 * know of the end of each, or for so long that the rate is known well enough. Others before it have
 * warmed the JVM.
 *
 * @param jobs how many
 * @param replicas who run them
 */
record Burn(int jobs, int replicas) {

  private static final String RATE = "jobs/s";

  private static final int MOST = 100_000;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration TIME = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** As many as a peer runs in some seconds. */
  static Burn fit(Peer peer, int replicas, Stage stage) {
    int able = (int) (peer.pace() * LONGEST.toSeconds() / 2);
    return new Burn(stage.scaled(Math.min(MOST, able)), replicas);
  }

  /** The same with so many times fewer jobs. */
  Burn shorter(int times) {
    return new Burn(Math.max(1, jobs / times), replicas);
  }

  /** Warms up, then measures: several times each if it is fast, and the median counts. */
  Map<String, Double> measure(Fleet fleet, Work work, Stage stage) throws Exception {
    if (stage.counter() != null) {
      return once(fleet, work, stage);
    }
    repeat(fleet, work, stage, stage.scaled(WARM_UP));
    return Medians.of(repeat(fleet, work, stage, stage.scaled(TIME)));
  }

  /** Warms up, then measures how many jobs a second. */
  double rate(Fleet fleet, Work work, Stage stage) throws Exception {
    return Objects.requireNonNull(
        measure(fleet, work, stage).get(RATE), "a counted run has no rate");
  }

  private List<Map<String, Double>> repeat(Fleet fleet, Work work, Stage stage, Duration time)
      throws Exception {
    List<Map<String, Double>> rounds = new ArrayList<>();
    long from = System.nanoTime();
    do {
      rounds.add(once(fleet, work, stage));
    } while (System.nanoTime() - from < time.toNanos());
    return rounds;
  }

  private Map<String, Double> once(Fleet fleet, Work work, Stage stage) throws Exception {
    long others = fleet.left();
    fleet.enqueue(Collections.nCopies(jobs, Instant.now()));
    stage.database().run("VACUUM ANALYZE");
    stage.database().run("CHECKPOINT");
    work.reset();
    Counted counted = new Counted(stage.counter());
    try (Crew crew = new Crew(fleet, replicas)) {
      Wait.orFail(() -> work.done() > 0, PATIENCE, "no job has run");
      Costs.Start start = stage.start();
      long before = Math.min(work.done(), jobs - 1);
      long[] ended = new long[1];
      boolean all =
          Wait.until(() -> work.done() >= jobs, LONGEST)
              && Wait.until(
                  () -> {
                    ended[0] = System.nanoTime(); // a look may take long itself
                    return fleet.left() <= others;
                  },
                  LONGEST);
      long done = all ? jobs : others + jobs - fleet.left();
      return figures(start.stop(all ? ended[0] : System.nanoTime()), counted, done, before);
    }
  }

  private static Map<String, Double> figures(Costs costs, Counted counted, long done, long before) {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (counted.counter == null) {
      figures.put(RATE, (done - before) / costs.seconds());
      figures.putAll(costs.perJob(done - before));
    } else {
      figures.put("statements/job", (double) counted.statements() / done);
      figures.put("commits/job", (double) counted.commits() / done);
    }
    return figures;
  }
}
