package dev.escapement.speed.scenario;

import dev.escapement.speed.measure.Costs;
import dev.escapement.speed.peer.Feature;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Setup;
import dev.escapement.speed.peer.Tuning;
import dev.escapement.speed.peer.Work;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What replicas cost that have nothing to do, at their default settings. */
final class Idle implements Scenario {

  private static final Duration SETTLE = Duration.ofSeconds(8);
  private static final Duration TIME = Duration.ofSeconds(40);

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public List<String> variants() {
    return List.of("1 replica", "16 replicas");
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.TIMED);
  }

  @Override
  public boolean counts() {
    return true;
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    int replicas = Numbers.in(variant).get(0);
    Work work = new Work(Duration.ZERO);
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, Tuning.DEFAULTS, 0));
        Crew crew = new Crew(fleet, replicas)) {
      Wait.pass(SETTLE);
      Counted counted = new Counted(stage.counter());
      Costs.Start start = stage.start();
      Wait.pass(stage.scaled(TIME));
      Costs costs = start.stop();
      Map<String, Double> figures = new LinkedHashMap<>();
      if (counted.counter != null) {
        figures.put("statements/s/replica", counted.statements() / costs.seconds() / replicas);
        figures.put("commits/s/replica", counted.commits() / costs.seconds() / replicas);
      } else {
        figures.put("JVM CPU ms/s", 1e3 * costs.jvm() / costs.seconds());
        figures.put("PostgreSQL CPU ms/s", 1e3 * costs.server() / costs.seconds());
        figures.put("WAL bytes/s", costs.logged() / costs.seconds());
      }
      return figures;
    }
  }
}
