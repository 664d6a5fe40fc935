package dev.escapement.jdbc;

import dev.escapement.conformance.SchedulerConformanceTest;
import dev.escapement.store.Store;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;

/** Nodes share a schema, each through a pool of its own. */
final class PostgresSchedulerConformanceTest extends SchedulerConformanceTest {

  private static final SharedPools POOLS = new SharedPools(5);

  private final TestPostgres postgres = TestPostgres.reused();

  @Override
  protected Store newStore() {
    Store store = postgres.store(POOLS.next()).build();
    store.open();
    return store;
  }

  @Override
  protected Optional<DataSource> dataSource() {
    return Optional.of(TestPostgres.dataSource());
  }

  @Override
  protected void closeStores() {
    POOLS.giveBack();
    postgres.close();
  }

  @AfterAll
  static void closePools() {
    POOLS.close();
  }
}
