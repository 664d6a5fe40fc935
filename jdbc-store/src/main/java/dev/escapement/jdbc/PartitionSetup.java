package dev.escapement.jdbc;

import dev.escapement.jdbc.PartitionSql.Border;
import dev.escapement.jdbc.PartitionSql.Partition;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the history into a partitioned table. In steps, each a transaction that looks first at how
 * far others have come: so it goes on where a node died, and many may start at once.
 *
 * <p>PostgreSQL must know that a table's rows fit before the table becomes a partition, and else
 * reads it while nobody else may. So the rows are promised to lie before a border (a constraint
 * that counts for new rows), then the promise is proved of the old ones (a scan in nobody's way),
 * and only then the tables change places. The border is a day away or more: whoever gives up in
 * between leaves a constraint that would refuse rows some day, and {@link PartitionUpkeep} has half
 * a day to take it away.
 */
final class PartitionSetup {

  private static final Logger log = LoggerFactory.getLogger(PartitionSetup.class);

  private static final String SCRIPT = Schema.RESOURCES + "postgresql/optional/partitions.sql";
  private static final Pattern STEPS = Pattern.compile("(?m)^(?=-- Step )");
  private static final int PROMISE = 1;
  private static final int PROVE = 2;
  private static final int CHANGE = 3;

  private static final Duration DAY = Duration.ofDays(1);

  /** How large a DEFAULT partition may be to be looked through while others wait. */
  private static final long SMALL = 64L << 20;

  private static final int ROUNDS = 10;

  private final Database database;
  private final Database migrations;
  private final PostgresDialect dialect;
  private final Tables tables;
  private final PartitionSql sql;
  private final PartitionUpkeep upkeep;
  private final @Nullable Duration per;

  /**
   * @param migrations has {@link Schema#LIMIT}
   * @param per how much time a partition holds; null to leave the table as it is
   */
  PartitionSetup(
      Database database,
      Database migrations,
      PostgresDialect dialect,
      Tables tables,
      @Nullable Duration per) {
    this.database = database;
    this.migrations = migrations;
    this.dialect = dialect;
    this.tables = tables;
    this.sql = new PartitionSql(tables);
    this.upkeep = new PartitionUpkeep(database, dialect, tables, per);
    this.per = per;
  }

  /**
   * @throws StoreException if the history isn't as it is wanted, and must not be made so
   */
  void ensure(SchemaPolicy policy) {
    boolean partitioned = database.read("look at the history's table", sql::isPartitioned);
    if (per == null) {
      if (partitioned) {
        log.info(
            "The history in {} is in partitions, but the store isn't told to tend them: none is"
                + " made or dropped. What finds none goes to the DEFAULT one. See"
                + " partitionedHistory.",
            database.where());
      }
    } else if (policy == SchemaPolicy.APPLY) {
      apply(per);
    } else if (!partitioned) {
      throw missing();
    }
  }

  private void apply(Duration period) {
    for (int round = 1; ; round++) {
      try {
        while (migrations.transact("partition the history", handle -> step(handle, period))) {
          log.debug("One more step to the partitions of the history");
        }
        return;
      } catch (StoreException e) {
        if (!SqlErrors.isMigrationRace(e)) {
          throw e;
        }
        if (round == ROUNDS) {
          throw new TransientStoreException(e.getMessage() + Schema.IN_THE_WAY.formatted(round), e);
        }
        log.info("Others were in the way of partitions for the history: {}", e.getMessage());
      }
    }
  }

  /** False if there is nothing left to be done. */
  private boolean step(Handle handle, Duration period) {
    sql.begin(handle, Duration.ZERO, Duration.ZERO);
    dialect.lockSchema(handle, tables, Schema.PATIENCE);
    Instant now = Values.now(handle);
    Optional<Border> stale = upkeep.stale(handle, now);
    if (stale.isPresent()) {
      sql.forget(handle, stale.get().table());
      return true;
    }
    Optional<Border> border = sql.borders(handle).stream().findFirst();
    if (sql.isPartitioned(handle)) {
      return extend(handle, period, now, border);
    }
    convert(handle, period, border);
    return true;
  }

  private void convert(Handle handle, Duration period, Optional<Border> border) {
    int step = border.map(found -> found.proved() ? CHANGE : PROVE).orElse(PROMISE);
    handle
        .createQuery("SELECT set_config('escapement.period', :period, TRUE)")
        .bind("period", period.toSeconds() + " seconds")
        .mapTo(String.class)
        .one();
    handle.execute(tables.in(STEPS.split(Schema.read(SCRIPT), -1)[step]));
    if (step == CHANGE) {
      log.info("Put the history in {} into partitions of {} each.", database.where(), period);
    }
  }

  /**
   * Makes what is missing ahead. Where the DEFAULT partition has grown large meanwhile, it is the
   * one whose rows are promised and proved to lie elsewhere.
   */
  private boolean extend(Handle handle, Duration period, Instant now, Optional<Border> border) {
    List<Partition> partitions = sql.partitions(handle);
    if (border.isPresent()) {
      promised(handle, period, border.get());
      return true;
    }
    Optional<Partition> large = PartitionSql.rest(partitions).filter(rest -> rest.bytes() > SMALL);
    Instant newest = PartitionSql.newest(partitions);
    if (large.isEmpty()) {
      return upkeep.ahead(handle, partitions, period, now);
    }
    if (newest != null && newest.isAfter(now.plus(period))) {
      return false;
    }
    Instant tomorrow = now.plus(DAY);
    Instant latest = sql.latest(handle, large.get()).orElse(now).plusSeconds(1);
    sql.promise(
        handle,
        large.get().name(),
        PartitionSql.end(latest.isAfter(tomorrow) ? latest : tomorrow, period));
    return true;
  }

  private void promised(Handle handle, Duration period, Border border) {
    if (!border.proved()) {
      sql.prove(handle, border.table());
      return;
    }
    Instant from = border.until();
    for (int i = 0; i < PartitionUpkeep.AHEAD; i++) {
      sql.add(handle, from, from.plus(period));
      from = from.plus(period);
    }
    sql.forget(handle, border.table());
  }

  private SchemaException missing() {
    String names =
        tables.qualified().equals(Tables.DEFAULT_PREFIX)
            ? ""
            : ", with %s for %s".formatted(tables.qualified(), Tables.DEFAULT_PREFIX);
    return new SchemaException(
        "The history in %s is to be in partitions, and is one table".formatted(database.where()),
        "Leave out partitionedHistory; or run %s from the jar of escapement-jdbc-store%s"
            .formatted(SCRIPT, names));
  }
}
