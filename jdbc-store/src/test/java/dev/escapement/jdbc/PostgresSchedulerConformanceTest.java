package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.conformance.SchedulerConformanceTest;
import dev.escapement.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Nodes share a schema, each through a pool of its own. */
final class PostgresSchedulerConformanceTest extends SchedulerConformanceTest {

  private final TestPostgres postgres = TestPostgres.reused();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected Store newStore() {
    HikariDataSource pool = TestPostgres.pool(5);
    pools.add(pool);
    Store store = postgres.store(pool).build();
    store.open();
    return store;
  }

  @Override
  protected Optional<DataSource> dataSource() {
    return Optional.of(TestPostgres.dataSource());
  }

  @Override
  protected void closeStores() {
    pools.forEach(HikariDataSource::close);
    postgres.close();
  }
}
