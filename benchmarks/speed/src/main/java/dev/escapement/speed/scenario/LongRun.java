package dev.escapement.speed.scenario;

import dev.escapement.speed.measure.Costs;
import dev.escapement.speed.peer.Feature;
import dev.escapement.speed.peer.Fleet;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Setup;
import dev.escapement.speed.peer.Tuning;
import dev.escapement.speed.peer.Work;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Half of the rate that a peer can do, for half an hour; then what it can do is measured again,
 * unless it has fallen too far behind. Dead rows and sizes are of all tables of the peer.
 */
final class LongRun implements Scenario {

  private static final String PLAIN = "30 minutes";
  private static final String PINNED = "30 minutes beside an open transaction";

  private static final Duration TIME = Duration.ofMinutes(30);
  private static final Duration END = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String DEAD = "SELECT sum(n_dead_tup) FROM pg_stat_user_tables";
  private static final String SIZE =
      """
      SELECT sum(pg_total_relation_size(c.oid))
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname NOT LIKE '%execution%'
      """;

  private static final double MEGA = 1e6;

  @Override
  public String name() {
    return "long-run";
  }

  @Override
  public List<String> variants() {
    return List.of(PLAIN, PINNED);
  }

  @Override
  public boolean suits(Peer peer, String variant) {
    return !peer.lacks().contains(Feature.TIMED);
  }

  @Override
  public Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception {
    Work work = new Work(Duration.ZERO);
    try (Fleet fleet = peer.enter(new Setup(stage.database(), work, Tuning.FASTEST, 0))) {
      Burn burn = Burn.fit(peer, 1, stage);
      double first = burn.rate(fleet, work, stage);
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("first jobs/s", first);
      work.reset();
      try (Connection open = variant.equals(PINNED) ? look(stage) : null) {
        boolean all;
        try (Crew crew = new Crew(fleet, 1)) {
          long fed = Feed.at(first / 2, stage.scaled(TIME.minus(END)), fleet);
          long doneBefore = work.done();
          Costs.Start end = stage.start();
          fed += Feed.at(first / 2, stage.scaled(END), fleet);
          figures.put(
              "jobs/s in the last three minutes",
              (work.done() - doneBefore) / end.stop().seconds());
          figures.put("jobs behind", (double) (fed - work.done()));
          all = Wait.until(() -> fleet.left() == 0, PATIENCE);
        }
        figures.put("dead rows", (double) stage.database().count(DEAD));
        figures.put(
            "MB of tables, without escapement_execution", stage.database().count(SIZE) / MEGA);
        if (all) {
          double last = burn.rate(fleet, work, stage);
          figures.put("last jobs/s", last);
          figures.put("last/first", last / first);
        }
        return figures;
      }
    }
  }

  /** Holds a snapshot: nothing that is deleted after it can be cleared. */
  private static Connection look(Stage stage) throws SQLException {
    Connection connection = DriverManager.getConnection(stage.database().url());
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_class")) {
      row.next();
    }
    return connection;
  }
}
