package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.conformance.StoreConformanceTest;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** All that holds of a store holds with the history in partitions as well. */
@Tag("torture")
final class PartitionedStoreConformanceTest extends StoreConformanceTest {

  private final TestPostgres postgres = new TestPostgres();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected Store newStore() {
    HikariDataSource pool = TestPostgres.pool(4);
    pools.add(pool);
    return postgres.store(pool).partitionedHistory(Duration.ofHours(1)).build();
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
