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

/**
 * Jobs that take a while and carry 1 KB are enqueued for now, at a share of the rate at which this
 * peer burns them down: from enqueuing to the end of the handler. One in twenty fails at first and
 * is tried again a while later; its second attempt counts from when that is due.
 */
final class Steady implements Scenario {

  private static final int PADDING = 1_000;
  private static final int FAILING = 20;
  private static final Duration TIME = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "steady";
  }

  @Override
  public List<String> variants() {
    return List.of(
        "1 ms, 25 %", "1 ms, 50 %", "1 ms, 75 %", "10 ms, 25 %", "10 ms, 50 %", "10 ms, 75 %");
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.TIMED);
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    int millis = Numbers.in(variant).get(0);
    double share = Numbers.in(variant).get(1) / 100.0;
    Work work = new Work(Duration.ofMillis(millis));
    Setup setup = new Setup(stage.database(), work, Tuning.FASTEST, PADDING);
    try (Fleet fleet = peer.enter(setup)) {
      double most = Burn.fit(peer, 1, stage).shorter(4).rate(fleet, work, stage);
      work.fail(FAILING);
      try (Crew crew = new Crew(fleet, 1)) {
        Feed.at(most * share, stage.scaled(TIME).dividedBy(4), fleet);
        Wait.orFail(() -> fleet.left() == 0, PATIENCE, "not all jobs have run");
        work.reset();
        Costs.Start start = stage.start();
        long fed = Feed.at(most * share, stage.scaled(TIME), fleet);
        Costs costs = start.stop();
        Wait.orFail(() -> work.done() >= fed, PATIENCE, "not all jobs have run");
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.putAll(Late.figures("latency", work.latency()));
        figures.put("jobs/s", fed / costs.seconds());
        figures.put("most jobs/s", most);
        return figures;
      }
    }
  }
}
