package dev.escapement.jdbc;

import dev.escapement.conformance.StoreConformanceTest;
import dev.escapement.store.Store;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Each store has a pool of its own, as in a process of its own. */
final class PostgresStoreConformanceTest extends StoreConformanceTest {

  private static final SharedPools POOLS = new SharedPools(4);

  private final TestPostgres postgres = TestPostgres.reused();

  @Override
  protected Store newStore() {
    return postgres.store(POOLS.next()).notifications(TestPostgres.dataSource()).build();
  }

  @Override
  protected Optional<DataSource> applicationData() {
    return Optional.of(TestPostgres.dataSource());
  }

  @AfterEach
  void drop() {
    POOLS.giveBack();
    postgres.close();
  }

  @AfterAll
  static void closePools() {
    POOLS.close();
  }
}
