package dev.escapement.speed.measure;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was used between two moments.
 *
 * @param seconds how long it took
 * @param jvm seconds of processor time of this JVM
 * @param server seconds of processor time of the database server; NaN if nobody knows
 * @param logged bytes of write-ahead log
 */
public record Costs(double seconds, double jvm, double server, long logged) {

  /** A moment. */
  public static final class Start {

    private final Database database;
    private final long server;
    private final long nanos;
    private final double jvmUsed;
    private final OptionalDouble serverUsed;
    private final long logged;

    private Start(Database database, long server) throws SQLException {
      this.database = database;
      this.server = server;
      this.logged = database.logged();
      this.jvmUsed = Processor.ofThisJvm();
      this.serverUsed = Processor.of(server);
      this.nanos = System.nanoTime();
    }

    /** What was used since then. */
    public Costs stop() throws SQLException {
      return stop(System.nanoTime());
    }

    /** What was used since then, by something that ended at that reading of the nano clock. */
    public Costs stop(long ended) throws SQLException {
      OptionalDouble now = Processor.of(server);
      double used =
          now.isPresent() && serverUsed.isPresent()
              ? now.getAsDouble() - serverUsed.getAsDouble()
              : Double.NaN;
      return new Costs(
          (ended - nanos) / 1e9, Processor.ofThisJvm() - jvmUsed, used, database.logged() - logged);
    }
  }

  /**
   * Begins to measure.
   *
   * @param server the process that all others of the database server descend from; 0 if unknown
   */
  public static Start start(Database database, long server) throws SQLException {
    return new Start(database, server);
  }

  /** For each of so many jobs. */
  public Map<String, Double> perJob(long jobs) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("JVM CPU us/job", 1e6 * jvm / jobs);
    if (!Double.isNaN(server)) {
      figures.put("PostgreSQL CPU us/job", 1e6 * server / jobs);
    }
    figures.put("WAL bytes/job", (double) logged / jobs);
    return figures;
  }
}
