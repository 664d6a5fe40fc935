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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Thousands of recurring jobs, each every second: how many fires a second, and how late. */
final class RecurringLoad implements Scenario {

  private static final String SPREAD = "5,000 spread over the second";
  private static final String TOGETHER = "2,000 at the same second";

  private static final int MANY = 5_000;
  private static final int SOME = 2_000;

  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration TIME = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "recurring";
  }

  @Override
  public List<String> variants() {
    return List.of(SPREAD, TOGETHER);
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.RECURRING);
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    Work work = new Work(Duration.ZERO);
    boolean spread = variant.equals(SPREAD);
    int jobs = stage.scaled(spread ? MANY : SOME);
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, Tuning.FASTEST, 0))) {
      fleet.recurring(firsts(jobs, spread));
      try (Crew crew = new Crew(fleet, 1)) {
        Wait.orFail(() -> work.done() > 0, Duration.ofMinutes(1), "nothing has fired");
        Wait.pass(WARM_UP);
        work.reset();
        Duration time = stage.scaled(TIME);
        Wait.pass(time);
        Map<String, Double> figures = new LinkedHashMap<>();
        long done = work.done();
        figures.putAll(Late.figures(work));
        figures.put("fires/s", done / (time.toMillis() / 1e3));
        figures.put("wanted/s", (double) jobs);
        return figures;
      }
    }
  }

  private static List<Instant> firsts(int jobs, boolean spread) {
    Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(8);
    List<Instant> firsts = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      firsts.add(spread ? second.plusNanos(1_000_000_000L * i / jobs) : second);
    }
    return firsts;
  }
}
