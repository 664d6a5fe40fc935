package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Feature;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Setup;
import dev.escapement.speed.peer.Tuning;
import dev.escapement.speed.peer.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How many jobs that do nothing are run in a second, by how many replicas. */
final class BurnDown implements Scenario {

  @Override
  public String name() {
    return "burn-down";
  }

  @Override
  public List<String> variants() {
    return List.of("1 replica", "2 replicas", "4 replicas", "8 replicas");
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return replicas(variant) == 1 || !peer.lacks().contains(Feature.REPLICAS);
  }

  @Override
  public boolean counts() {
    return true;
  }

  private static int replicas(String variant) {
    return Numbers.in(variant).get(0);
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    Work work = new Work(Duration.ZERO);
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, Tuning.FASTEST, 0))) {
      return Burn.fit(peer, replicas(variant), stage).measure(fleet, work, stage);
    }
  }
}
