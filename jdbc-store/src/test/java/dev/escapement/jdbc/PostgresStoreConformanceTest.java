package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.conformance.StoreConformanceTest;
import dev.escapement.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

/** Each store has a pool of its own, as in a process of its own. */
final class PostgresStoreConformanceTest extends StoreConformanceTest {

  private final TestPostgres postgres = TestPostgres.reused();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected Store newStore() {
    HikariDataSource pool = TestPostgres.pool(4);
    pools.add(pool);
    return postgres.store(pool).notifications(TestPostgres.dataSource()).build();
  }

  @Override
  protected Optional<DataSource> applicationData() {
    return Optional.of(TestPostgres.dataSource());
  }

  @AfterEach
  void drop() {
    pools.forEach(HikariDataSource::close);
    postgres.close();
  }
}
