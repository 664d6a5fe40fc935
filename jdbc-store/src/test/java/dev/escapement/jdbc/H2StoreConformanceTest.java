package dev.escapement.jdbc;

import dev.escapement.conformance.StoreConformanceTest;
import dev.escapement.store.Store;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;

/** Each store has connections of its own to one database in memory. */
final class H2StoreConformanceTest extends StoreConformanceTest {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final JdbcDataSource database = new JdbcDataSource();

  H2StoreConformanceTest() {
    database.setURL("jdbc:h2:mem:conformance-" + COUNT.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
  }

  @Override
  protected Store newStore() {
    return JdbcStore.of(database);
  }

  @Override
  protected Optional<DataSource> applicationData() {
    return Optional.of(database);
  }

  @AfterEach
  void drop() throws Exception {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }
}
