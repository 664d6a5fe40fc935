package dev.escapement.jdbc;

import dev.escapement.conformance.SchedulerConformanceTest;
import dev.escapement.store.Store;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;

/** Nodes share a database in memory. */
final class H2SchedulerConformanceTest extends SchedulerConformanceTest {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  @Override
  protected Store newStore() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL(url);
    Store store = JdbcStore.of(database);
    store.open();
    return store;
  }
}
