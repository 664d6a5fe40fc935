package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Feature;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Setup;
import dev.escapement.speed.peer.Tuning;
import dev.escapement.speed.peer.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sixteen replicas, and jobs that recur at the same instant, once a second. What they send beyond
 * what they send anyway, and beyond the two statements that a fire takes, is wasted.
 */
final class Herd implements Scenario {

  private static final int REPLICAS = 16;
  private static final double NEEDED = 2;

  private static final Duration SETTLE = Duration.ofSeconds(8);
  private static final Duration TIME = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "herd";
  }

  @Override
  public List<String> variants() {
    return List.of("1 job", "16 jobs");
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.RECURRING);
  }

  @Override
  public boolean timed() {
    return false;
  }

  @Override
  public boolean counts() {
    return true;
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    int jobs = Numbers.in(variant).get(0);
    Duration time = stage.scaled(TIME);
    double seconds = time.toMillis() / 1e3;
    Work work = new Work(Duration.ZERO);
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, Tuning.DEFAULTS, 0));
        Crew crew = new Crew(fleet, REPLICAS)) {
      Wait.pass(SETTLE);
      Counted idle = new Counted(stage.counter());
      Wait.pass(time);
      double anyway = idle.statements() / seconds;
      Instant first = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
      fleet.recurring(Collections.nCopies(jobs, first));
      Wait.orFail(() -> work.done() > 0, Duration.ofMinutes(1), "nothing has fired");
      Wait.pass(SETTLE);
      work.reset();
      Counted fired = new Counted(stage.counter());
      Wait.pass(time);
      long statements = fired.statements();
      long fires = work.done();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("idle statements/s", anyway);
      figures.put("fires/s", fires / seconds);
      figures.put("statements/fire", (double) statements / fires);
      figures.put("wasted statements/fire", (statements - anyway * seconds) / fires - NEEDED);
      return figures;
    }
  }
}
