package dev.escapement.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import dev.escapement.store.Store;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the database, and the Redis. It bears passwords, so it is handed to a replica in its
 * environment: command lines can be read by everybody.
 *
 * @param url the JDBC URL, with user and password
 * @param schema the schema of all tables
 * @param redis where the scheduler's state is; null if that is in the database too
 */
record Address(String url, String schema, @Nullable RedisAddress redis) {

  private static final String URL = "QUICKSTART_URL";
  private static final String SCHEMA = "QUICKSTART_SCHEMA";

  static Address of(Map<String, String> environment) {
    return new Address(
        Objects.requireNonNull(environment.get(URL), URL),
        Objects.requireNonNull(environment.get(SCHEMA), SCHEMA),
        RedisAddress.of(environment));
  }

  void putInto(Map<String, String> environment) {
    environment.put(URL, url);
    environment.put(SCHEMA, schema);
    if (redis != null) {
      redis.putInto(environment);
    }
  }

  HikariDataSource connect(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setSchema(schema);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /** Where the scheduler's state is. */
  Store store(DataSource pool) {
    return redis == null
        ? JdbcStore.builder(pool).migrate(SchemaPolicy.APPLY).build()
        : redis.store();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Address[" + schema + "]";
  }
}
