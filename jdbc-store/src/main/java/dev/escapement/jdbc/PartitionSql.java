package dev.escapement.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's SQL about partitions of the history. All of it runs in a transaction. */
final class PartitionSql {

  private static final DateTimeFormatter SUFFIX =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  /** A bound is read as text, so the session must write it as it reads it. */
  private static final String MANNERS =
      """
      SELECT set_config('TimeZone', 'UTC', TRUE), set_config('DateStyle', 'ISO', TRUE),
             set_config('lock_timeout', :lock, TRUE), set_config('statement_timeout', :limit, TRUE)
      """;

  private static final String KIND =
      "SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('escapement_execution')";

  private static final String PARTITIONS =
      """
      SELECT part.oid::regclass::text AS name,
             substring(pg_get_expr(part.relpartbound, part.oid)
                       FROM 'TO \\(''([^'']+)''\\)')::timestamptz AS until,
             pg_get_expr(part.relpartbound, part.oid) = 'DEFAULT' AS rest,
             pg_relation_size(part.oid) AS bytes
      FROM pg_inherits
      JOIN pg_class part ON part.oid = pg_inherits.inhrelid
      WHERE pg_inherits.inhparent = to_regclass('escapement_execution')
      ORDER BY until
      """;

  private static final String BORDERS =
      """
      SELECT conrelid::regclass::text AS name, convalidated AS proved,
             substring(pg_get_constraintdef(oid) FROM '''([^'']+)''')::timestamptz AS until
      FROM pg_constraint
      WHERE conname = lower('escapement_execution_border') AND contype = 'c' AND conislocal
        AND conrelid IN (
          SELECT to_regclass('escapement_execution')
          UNION ALL
          SELECT inhrelid FROM pg_inherits
          WHERE inhparent = to_regclass('escapement_execution'))
      """;

  private final Tables tables;

  PartitionSql(Tables tables) {
    this.tables = tables;
  }

  /**
   * A partition.
   *
   * @param name as SQL takes it
   * @param until where it ends; null for the DEFAULT one, and one without end
   * @param rest whether it is the DEFAULT one
   * @param bytes of its rows
   */
  record Partition(String name, @Nullable Instant until, boolean rest, long bytes) {}

  /**
   * A promise that all rows of a table were claimed before an instant.
   *
   * @param table as SQL takes it
   * @param proved whether it is known of the old rows as well
   */
  record Border(String table, Instant until, boolean proved) {}

  /** The first end of a period that isn't before an instant. Periods count from 1970, in UTC. */
  static Instant end(Instant instant, Duration per) {
    long seconds = per.toSeconds();
    long whole = instant.getEpochSecond() + (instant.getNano() > 0 ? 1 : 0);
    return Instant.ofEpochSecond(-Math.floorDiv(-whole, seconds) * seconds);
  }

  /** First in a transaction: how it waits, and that it sees what others have just done. */
  void begin(Handle handle, Duration lock, Duration limit) {
    handle.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    limit(handle, lock, limit);
  }

  /** 0 is no limit. */
  void limit(Handle handle, Duration lock, Duration limit) {
    handle
        .createQuery(MANNERS)
        .bind("lock", Long.toString(lock.toMillis()))
        .bind("limit", Long.toString(limit.toMillis()))
        .mapTo(String.class)
        .one();
  }

  boolean isPartitioned(Handle handle) {
    return handle.createQuery(tables.in(KIND)).mapTo(Boolean.class).findOne().orElse(false);
  }

  /** Those with an end first, in its order. */
  List<Partition> partitions(Handle handle) {
    return handle
        .createQuery(tables.in(PARTITIONS))
        .map(
            (row, context) ->
                new Partition(
                    row.getString("name"),
                    Values.instant(row, "until"),
                    row.getBoolean("rest"),
                    row.getLong("bytes")))
        .list();
  }

  /** What is promised of the history as a whole, or of partitions. */
  List<Border> borders(Handle handle) {
    return handle
        .createQuery(tables.in(BORDERS))
        .map(
            (row, context) ->
                new Border(
                    row.getString("name"), Values.present(row, "until"), row.getBoolean("proved")))
        .list();
  }

  /** The latest claim in a partition. */
  Optional<Instant> latest(Handle handle, Partition partition) {
    return handle
        .createQuery(
            "SELECT claimed_at FROM " + partition.name() + " ORDER BY claimed_at DESC LIMIT 1")
        .map((row, context) -> Values.present(row, "claimed_at"))
        .findOne();
  }

  void promise(Handle handle, String table, Instant until) {
    handle.execute(
        tables
            .in(
                "ALTER TABLE %s ADD CONSTRAINT escapement_execution_border CHECK (claimed_at <"
                    + " '%s') NOT VALID")
            .formatted(table, until));
  }

  void prove(Handle handle, String table) {
    handle.execute(
        tables
            .in("ALTER TABLE %s VALIDATE CONSTRAINT escapement_execution_border")
            .formatted(table));
  }

  void forget(Handle handle, String table) {
    handle.execute(
        tables
            .in("ALTER TABLE %s DROP CONSTRAINT IF EXISTS escapement_execution_border")
            .formatted(table));
  }

  /**
   * Made apart and attached, since {@code PARTITION OF} would wait until it is alone with the whole
   * history.
   */
  void add(Handle handle, Instant from, Instant until) {
    String suffix = SUFFIX.format(from);
    handle.execute(
        tables.in(
            "CREATE TABLE escapement_execution_from_"
                + suffix
                + " (LIKE escapement_execution INCLUDING DEFAULTS INCLUDING STORAGE)"));
    handle.execute(
        tables.in(
            "ALTER TABLE escapement_execution ATTACH PARTITION escapement_execution_from_%s"
                    .formatted(suffix)
                + " FOR VALUES FROM ('%s') TO ('%s')".formatted(from, until)));
  }

  void drop(Handle handle, Partition partition) {
    handle.execute("DROP TABLE " + partition.name());
  }

  /** The DEFAULT one, if there is one. */
  static Optional<Partition> rest(List<Partition> partitions) {
    return partitions.stream().filter(Partition::rest).findFirst();
  }

  /** Where the newest one ends; null if none does. */
  static @Nullable Instant newest(List<Partition> partitions) {
    return partitions.stream()
        .map(Partition::until)
        .filter(Objects::nonNull)
        .reduce((earlier, later) -> later)
        .orElse(null);
  }
}
