package dev.escapement.torture;

import dev.escapement.testpostgres.PostgresServer.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Faults of the database, and of a replica's way to connections. */
final class Outages {

  /** After a refusal HikariCP waits twice as long as before, and at most this. */
  private static final Duration POOL_BACKOFF = Duration.ofSeconds(5);

  private Outages() {}

  /** Those that any database can have. */
  static List<Fault> ofAny() {
    return List.of(new Restart(Stop.FAST), new Restart(Stop.IMMEDIATE), new ExhaustPool());
  }

  /** Those that PostgreSQL can have. */
  static List<Fault> ofPostgres() {
    List<Fault> faults = new ArrayList<>(ofAny());
    faults.add(new EndBackends());
    return List.copyOf(faults);
  }

  /** The database goes, stays away for a while, and comes back. */
  record Restart(Stop manner) implements Fault {
    @Override
    public String name() {
      return "database restarted, " + manner.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      Instant from = Instant.now();
      // Two can't restart it at once.
      synchronized (stage.database()) {
        stage.database().stop(manner);
        try {
          stage.pause().of(Duration.ofMillis(random.nextInt(1_500)));
        } finally {
          stage.database().start();
        }
      }
      Instant until = Instant.now().plus(POOL_BACKOFF).plus(stage.lease());
      boolean slow = stage.lease().compareTo(POOL_BACKOFF.multipliedBy(2)) < 0;
      Trouble.Kind kind = slow ? Trouble.Kind.SLOW_POOL : Trouble.Kind.OUTAGE;
      stage.troubles().add(Trouble.ALL, kind, from, until);
      return true;
    }
  }

  /** Connections are ended by the database. */
  record EndBackends() implements Fault {
    @Override
    public String name() {
      return "backends terminated at random";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      Instant from = Instant.now();
      int ended = 0;
      for (int i = 0; i < 10 && !stage.pause().isOver(); i++) {
        synchronized (stage.database()) {
          ended += stage.database().endConnections(Fleet.PREFIX, 0.2, random);
        }
        stage.pause().of(Duration.ofMillis(random.nextInt(300)));
      }
      Instant until = Instant.now().plus(stage.lease());
      stage.troubles().add(Trouble.ALL, Trouble.Kind.OUTAGE, from, until);
      return ended > 0;
    }
  }

  /** All connections of a replica's pool are held for longer than its lease. */
  record ExhaustPool() implements FaultOfOne {
    @Override
    public String name() {
      return "connection pool exhausted for longer than the lease";
    }

    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      Instant from = Instant.now();
      Duration time = stage.lease().multipliedBy(3).dividedBy(2);
      victim.awaitReady(time);
      victim.say("exhaust " + time.toMillis());
      boolean whole = stage.pause().of(time);
      Instant until = Instant.now().plus(stage.lease());
      stage.troubles().add(victim.name(), Trouble.Kind.STARVED, from, until);
      return whole && victim.isAlive();
    }
  }
}
