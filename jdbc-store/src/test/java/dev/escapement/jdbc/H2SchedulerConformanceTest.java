package dev.escapement.jdbc;

import dev.escapement.conformance.SchedulerConformanceTest;
import dev.escapement.store.Store;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Nodes share a database in memory. */
final class H2SchedulerConformanceTest extends SchedulerConformanceTest {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  @Override
  protected Store newStore() {
    Store store = JdbcStore.of(database());
    store.open();
    return store;
  }

  private DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL(url);
    return database;
  }

  @Override
  protected Optional<DataSource> dataSource() {
    return Optional.of(database());
  }
}
