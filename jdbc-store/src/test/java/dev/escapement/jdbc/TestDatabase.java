package dev.escapement.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A real database for one test, empty at first. */
abstract class TestDatabase implements AutoCloseable {

  enum Kind {
    POSTGRES,
    H2;

    TestDatabase open() {
      return this == POSTGRES ? new Postgres() : new H2Memory();
    }
  }

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Each connection is a new one. Names without a schema are the store's and the test's own. */
  abstract DataSource source();

  /** A builder of stores that are made where they aren't there. */
  abstract JdbcStore.Builder store(DataSource source);

  /** As a driver says that its connection is gone. */
  abstract SQLException broken();

  final void execute(String sql) {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  final long number(String sql) {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public abstract void close();

  private static final class Postgres extends TestDatabase {

    private final TestPostgres postgres = new TestPostgres();

    Postgres() {
      postgres.execute();
    }

    @Override
    DataSource source() {
      PGSimpleDataSource source = TestPostgres.dataSource();
      source.setCurrentSchema(postgres.schema());
      return source;
    }

    @Override
    JdbcStore.Builder store(DataSource source) {
      return postgres.store(source);
    }

    @Override
    SQLException broken() {
      return new SQLException("An I/O error occurred.", "08006");
    }

    @Override
    public void close() {
      postgres.close();
    }
  }

  private static final class H2Memory extends TestDatabase {

    private final JdbcDataSource h2 = new JdbcDataSource();

    H2Memory() {
      h2.setURL("jdbc:h2:mem:test-" + COUNT.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
    }

    @Override
    DataSource source() {
      return h2;
    }

    @Override
    JdbcStore.Builder store(DataSource source) {
      return JdbcStore.builder(source);
    }

    @Override
    SQLException broken() {
      return new SQLException("Connection is broken", "90067");
    }

    @Override
    public void close() {
      execute("SHUTDOWN");
    }
  }
}
