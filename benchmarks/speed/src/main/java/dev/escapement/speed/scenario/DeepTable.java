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
import java.util.List;
import java.util.Map;

/** The same burn-down, with many other rows in the table. */
final class DeepTable implements Scenario {

  private static final String EMPTY = "nothing else";
  private static final String MILLION = "1,000,000 future rows";
  private static final String MILLIONS = "10,000,000 future rows";
  private static final String STUCK = "100,000 due rows of an unknown job";
  private static final String MIXED = "1,000,000 future rows, jobs of three priorities";

  private static final int FUTURE = 1_000_000;
  private static final int STUCK_ROWS = 100_000;

  @Override
  public String name() {
    return "deep-table";
  }

  @Override
  public List<String> variants() {
    return List.of(EMPTY, MILLION, MILLIONS, STUCK, MIXED);
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.FILLED)
        && !(variant.equals(MIXED) && peer.lacks().contains(Feature.PRIORITIES));
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    Work work = new Work(Duration.ZERO);
    Instant now = Instant.now();
    boolean mixed = variant.equals(MIXED);
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, Tuning.FASTEST, 0, mixed))) {
      switch (variant) {
        case MILLION, MIXED -> fleet.fill(stage.scaled(FUTURE), now.plus(1, ChronoUnit.DAYS), null);
        case MILLIONS -> fleet.fill(stage.scaled(10 * FUTURE), now.plus(1, ChronoUnit.DAYS), null);
        case STUCK -> fleet.fill(stage.scaled(STUCK_ROWS), now.minus(1, ChronoUnit.HOURS), "gone");
        default -> {}
      }
      return Burn.fit(peer, 1, stage).measure(fleet, work, stage);
    }
  }
}
