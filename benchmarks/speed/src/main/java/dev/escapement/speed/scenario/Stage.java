package dev.escapement.speed.scenario;

import dev.escapement.speed.measure.Costs;
import dev.escapement.speed.measure.Database;
import dev.escapement.speed.measure.Statements;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a measurement takes place.
 *
 * @param database an empty one
 * @param counter what counts its statements; null if this run is timed, not counted
 * @param server the process of the database server; 0 if unknown
 * @param scale what to multiply numbers of jobs and times with; 1 is what tables show, less is for
 *     trying
 */
public record Stage(Database database, @Nullable Statements counter, long server, double scale) {

  /** So many, scaled; at least one. */
  public int scaled(int jobs) {
    return (int) Math.max(1, Math.round(jobs * scale));
  }

  /** So long, scaled; at least a twentieth of a second. */
  public Duration scaled(Duration time) {
    return Duration.ofMillis(Math.max(50, Math.round(time.toMillis() * scale)));
  }

  /** Begins to measure costs. */
  public Costs.Start start() throws SQLException {
    return Costs.start(database, server);
  }
}
