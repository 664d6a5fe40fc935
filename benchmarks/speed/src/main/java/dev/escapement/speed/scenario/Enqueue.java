package dev.escapement.speed.scenario;

import dev.escapement.speed.measure.Costs;
import dev.escapement.speed.measure.Pool;
import dev.escapement.speed.peer.Feature;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Setup;
import dev.escapement.speed.peer.Tuning;
import dev.escapement.speed.peer.Work;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many jobs one thread enqueues in a second; nobody runs them. */
final class Enqueue implements Scenario {

  private static final String SINGLE = "one by one";
  private static final String TRANSACTION = "in the caller's transaction";
  private static final String BULK = "in bulk";

  /** Until a JVM has compiled what it needs, it competes with what is measured. */
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  private static final Duration TIME = Duration.ofSeconds(5);
  private static final int MANY = 20_000;

  @Override
  public String name() {
    return "enqueue";
  }

  @Override
  public List<String> variants() {
    return List.of(SINGLE, TRANSACTION, BULK);
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return switch (variant) {
      case SINGLE -> !peer.lacks().contains(Feature.SINGLE);
      case TRANSACTION -> !peer.lacks().contains(Feature.TRANSACTION);
      default -> true;
    };
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    Setup setup = new Setup(stage.database(), new Work(Duration.ZERO), Tuning.FASTEST, 0);
    Instant due = Instant.now().plus(1, ChronoUnit.DAYS);
    try (Fleet fleet = peer.enter(setup);
        Pool own = stage.database().pool(1);
        Connection connection = own.source().getConnection()) {
      Step step =
          switch (variant) {
            case SINGLE -> () -> fleet.enqueueOne(due);
            case TRANSACTION -> () -> inTransaction(fleet, connection, due);
            default -> () -> fleet.enqueue(Collections.nCopies(stage.scaled(MANY), due));
          };
      int each = variant.equals(BULK) ? stage.scaled(MANY) : 1;
      repeat(step, stage.scaled(WARM_UP));
      Costs.Start start = stage.start();
      long times = repeat(step, stage.scaled(TIME));
      Costs costs = start.stop();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("jobs/s", times * each / costs.seconds());
      figures.putAll(costs.perJob(times * each));
      return figures;
    }
  }

  private static void inTransaction(Fleet fleet, Connection connection, Instant due)
      throws Exception {
    connection.setAutoCommit(false);
    fleet.enqueueIn(connection, due);
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** One call. */
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private static long repeat(Step step, Duration time) throws Exception {
    long from = System.nanoTime();
    long times = 0;
    do {
      step.run();
      times++;
    } while (System.nanoTime() - from < time.toNanos());
    return times;
  }
}
