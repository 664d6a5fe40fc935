package dev.escapement.jdbc;

import dev.escapement.jdbc.PartitionSql.Border;
import dev.escapement.jdbc.PartitionSql.Partition;
import dev.escapement.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes partitions of the history ahead of time, and drops those that are older than wanted. One
 * node at a time; the others find the lock taken and leave it to that one. What fails is tried
 * again at the next call, and costs nobody anything meanwhile: while there is no partition for it,
 * a row goes to the DEFAULT one, and while an old partition can't be dropped, its rows are deleted.
 *
 * <p>Dropping one needs a moment alone with the history, and who ends a claim waits behind whoever
 * waits for that: so it waits for {@link #PATIENCE} at most. Making one needs a moment alone with
 * the DEFAULT partition, and looks through that.
 */
final class PartitionUpkeep {

  private static final Logger log = LoggerFactory.getLogger(PartitionUpkeep.class);

  /** How many periods from now on have their partitions: as many chances to make the next. */
  static final int AHEAD = 3;

  /** How long ends of claims may have to wait for us to get a lock. */
  static final Duration PATIENCE = Duration.ofMillis(200);

  /** How long it may take to look through the DEFAULT partition, in the way of who writes to it. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /**
   * A promise whose border is nearer is one that nobody will keep; from there on it'd be broken.
   */
  static final Duration STALE = Duration.ofHours(12);

  private static final long DROP_PAUSE = TimeUnit.MINUTES.toNanos(1);

  private final Database database;
  private final PostgresDialect dialect;
  private final Tables tables;
  private final PartitionSql sql;
  private final @Nullable Duration per;
  private volatile String complaint = "";

  /** Until then no drop is tried: each one makes who writes the history wait for a moment. */
  private volatile long dropAt = System.nanoTime();

  /**
   * @param per how much time a partition holds; null to leave them alone
   */
  PartitionUpkeep(
      Database database, PostgresDialect dialect, Tables tables, @Nullable Duration per) {
    this.database = database;
    this.dialect = dialect;
    this.tables = tables;
    this.sql = new PartitionSql(tables);
    this.per = per;
  }

  /**
   * Never throws: purging must go on.
   *
   * @param age what was claimed longer ago than that is old
   */
  void tend(Duration age) {
    try {
      while (inTurn(handle -> step(handle, age))) {
        log.debug("One more step for the partitions of the history");
      }
      complaint = "";
    } catch (StoreException e) {
      complain(e);
    }
  }

  /** Does one thing that is to be done, so that no lock is held for longer than it takes. */
  private boolean step(Handle handle, Duration age) {
    Instant now = Values.now(handle);
    Optional<Border> stale = stale(handle, now);
    if (stale.isPresent()) {
      sql.forget(handle, stale.get().table());
      return true;
    }
    if (per == null || !sql.isPartitioned(handle)) {
      return false;
    }
    List<Partition> partitions = sql.partitions(handle);
    if (ahead(handle, partitions, per, now)) {
      return true;
    }
    Optional<Partition> old =
        partitions.stream()
            .filter(part -> part.until() != null && !part.until().isAfter(now.minus(age)))
            .findFirst();
    if (old.isEmpty() || isDropPending()) {
      return false;
    }
    dropAt = System.nanoTime() + DROP_PAUSE;
    sql.drop(handle, old.get());
    dropAt = System.nanoTime();
    log.info("Dropped {}: all of it is older than {}.", old.get().name(), age);
    return true;
  }

  /** Whether an old partition couldn't be dropped of late: its rows aren't worth deleting. */
  boolean isDropPending() {
    return System.nanoTime() - dropAt < 0;
  }

  Optional<Border> stale(Handle handle, Instant now) {
    return sql.borders(handle).stream()
        .filter(border -> border.until().isBefore(now.plus(STALE)))
        .findFirst();
  }

  /** Makes the next partition; false if there are enough. */
  boolean ahead(Handle handle, List<Partition> partitions, Duration period, Instant now) {
    Instant from = from(handle, partitions, period, now);
    if (!from.isBefore(now.plus(period.multipliedBy(AHEAD)))) {
      return false;
    }
    Instant until = PartitionSql.end(from.plusSeconds(1), period);
    sql.add(handle, from, until);
    log.info("Made a partition of the history for what is claimed from {} until {}.", from, until);
    return true;
  }

  /**
   * Where the newest one ends, or with the present period if that is over; but behind all that went
   * to the DEFAULT partition, for its rows stay there.
   */
  private Instant from(Handle handle, List<Partition> partitions, Duration period, Instant now) {
    Instant newest = PartitionSql.newest(partitions);
    Instant present = PartitionSql.end(now, period).minus(period);
    Instant from = newest != null && newest.isAfter(present) ? newest : present;
    Instant latest =
        PartitionSql.rest(partitions).flatMap(rest -> sql.latest(handle, rest)).orElse(null);
    return latest == null || latest.isBefore(from)
        ? from
        : PartitionSql.end(latest.plusSeconds(1), period);
  }

  private boolean inTurn(Step step) {
    return database.transact(
        "tend the partitions of the history",
        handle -> {
          sql.begin(handle, PATIENCE, LIMIT);
          return dialect.tryLockSchema(handle, tables) && step.take(handle);
        });
  }

  private interface Step {
    boolean take(Handle handle);
  }

  /** Once for each fault, not once a minute. What somebody's lock was in the way of is no fault. */
  private void complain(StoreException e) {
    if (SqlErrors.isMigrationRace(e)) {
      log.debug("The partitions of the history are tended later", e);
    } else if (!complaint.equals(e.getMessage())) {
      complaint = String.valueOf(e.getMessage());
      log.warn(
          "The partitions of the history can't be tended; it goes on without, and is tried again",
          e);
    }
  }
}
