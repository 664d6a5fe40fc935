package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.conformance.StoreConformanceTest;
import dev.escapement.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.postgresql.ds.PGSimpleDataSource;

/** All that holds of a store holds where the driver keeps nothing prepared as well. */
@Tag("torture")
final class UnpreparedStoreConformanceTest extends StoreConformanceTest {

  private final TestPostgres postgres = new TestPostgres();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @Override
  protected Store newStore() {
    PGSimpleDataSource source = TestPostgres.dataSource();
    source.setPrepareThreshold(0);
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(4);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    return postgres.store(pool).build();
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
