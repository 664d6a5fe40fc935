package dev.escapement.jdbc;

import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables and their version. Migrations are numbered, and grow before they shrink: a schema says
 * from which version of the code on it serves, so that old and new nodes live side by side.
 */
final class Schema {

  private static final Logger log = LoggerFactory.getLogger(Schema.class);

  static final String RESOURCES = "dev/escapement/jdbc/schema/";

  /** The migrations, the first of them to version 1. */
  private static final List<String> SCRIPTS =
      List.of("V1__movement.sql", "V2__time.sql", "V3__life.sql", "V4__headers.sql");

  /** The version that this code is written for. */
  static final int CODE = SCRIPTS.size();

  private static final String NEWEST =
      "SELECT version, serves FROM escapement_schema ORDER BY version DESC LIMIT 1";

  static final String IN_THE_WAY =
      ". %d times a long transaction, or a node that migrates too, was in the way; end it or wait"
          + " for it, and try again.";

  /** Each brings a migration further, or finds it done by another. */
  private static final int ROUNDS = 10;

  /** For each statement of a migration: an index on a big table takes its time. */
  static final Duration LIMIT = Duration.ofHours(1);

  /** How long a migration waits for a lock: others who come for the table wait behind it. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Database database;
  private final Database migrations;
  private final Dialect dialect;
  private final Tables tables;
  private final Duration patience;

  /** Applies migrations through a database of its own, which has {@link #LIMIT}. */
  Schema(
      Database database, Database migrations, Dialect dialect, Tables tables, Duration patience) {
    this.database = database;
    this.migrations = migrations;
    this.dialect = dialect;
    this.tables = tables;
    this.patience = patience;
  }

  /** A state of the tables; version 0 is none. */
  private record Version(int version, int serves) {
    static final Version NONE = new Version(0, 0);
  }

  /**
   * @throws StoreException if the tables aren't what this code needs, and must not be made so
   */
  void ensure(SchemaPolicy policy) {
    Version found = database.read("read the version of the schema", this::version);
    if (found.version() < CODE && policy == SchemaPolicy.APPLY) {
      apply();
      // Anew: under SERIALIZABLE, H2 doesn't show a transaction what its own DDL has committed.
      found = database.read("read the version of the schema", this::version);
    }
    check(found);
  }

  /** H2 can't lock what isn't there yet, and stumbles when two create the same thing at once. */
  private void apply() {
    for (int round = 1; ; round++) {
      try {
        dialect.inTurn(() -> migrations.transact("migrate the schema", this::migrate));
        return;
      } catch (StoreException e) {
        if (!SqlErrors.isMigrationRace(e)) {
          throw e;
        }
        if (round == ROUNDS) {
          throw new TransientStoreException(e.getMessage() + IN_THE_WAY.formatted(round), e);
        }
        log.info("The migration begins anew, for others were in its way: {}", e.getMessage());
      }
    }
  }

  private Version version(Handle handle) {
    if (!dialect.tableExists(handle, tables, "schema")) {
      return Version.NONE;
    }
    return handle
        .createQuery(tables.in(NEWEST))
        .map((row, context) -> new Version(row.getInt("version"), row.getInt("serves")))
        .findOne()
        .orElse(Version.NONE);
  }

  private Version migrate(Handle handle) {
    dialect.lockSchema(handle, tables, patience);
    String schema = tables.schema();
    if (schema != null && !dialect.schemaExists(handle, schema)) {
      handle.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
    }
    for (int version = version(handle).version(); version < CODE; version++) {
      String script = SCRIPTS.get(version);
      handle.createScript(tables.in(read(path(script)))).executeAsSeparateStatements();
      log.info("Applied {} to {}.", script, database.where());
    }
    return version(handle);
  }

  private void check(Version found) {
    if (found.version() < CODE) {
      throw tooOld(found);
    }
    if (found.version() > CODE && found.serves() > CODE) {
      throw new StoreException(tooNew(found), null);
    }
  }

  private SchemaException tooOld(Version found) {
    String state =
        found.equals(Version.NONE)
            ? "There are no tables of Escapement"
            : "The tables of Escapement are of version %d, and this code needs version %d,"
                .formatted(found.version(), CODE);
    String scripts =
        SCRIPTS.subList(found.version(), CODE).stream()
            .map(this::path)
            .collect(Collectors.joining(", then "));
    String names =
        tables.qualified().equals(Tables.DEFAULT_PREFIX)
            ? ""
            : ", with %s for %s".formatted(tables.qualified(), Tables.DEFAULT_PREFIX);
    return new SchemaException(
        "%s in %s".formatted(state, database.where()),
        "Run %s from the jar of escapement-jdbc-store%s".formatted(scripts, names));
  }

  private String tooNew(Version found) {
    return """
    The tables of Escapement (%s*) in %s are of version %d, which serves code from version %d on, \
    and this code is of version %d. Use a newer escapement-jdbc-store.\
    """
        .formatted(tables.qualified(), database.where(), found.version(), found.serves(), CODE);
  }

  private String path(String script) {
    return RESOURCES + dialect.folder() + "/" + script;
  }

  static String read(String path) {
    try (InputStream script =
        Objects.requireNonNull(Schema.class.getClassLoader().getResourceAsStream(path), path)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
