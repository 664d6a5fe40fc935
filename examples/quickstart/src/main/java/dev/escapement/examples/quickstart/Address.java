package dev.escapement.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Objects;

/**
 * How to reach the database. It bears the password, so it is handed to a replica in its
 * environment: command lines can be read by everybody.
 *
 * @param url the JDBC URL, with user and password
 * @param schema the schema of all tables
 */
record Address(String url, String schema) {

  private static final String URL = "QUICKSTART_URL";
  private static final String SCHEMA = "QUICKSTART_SCHEMA";

  static Address of(Map<String, String> environment) {
    return new Address(
        Objects.requireNonNull(environment.get(URL), URL),
        Objects.requireNonNull(environment.get(SCHEMA), SCHEMA));
  }

  void putInto(Map<String, String> environment) {
    environment.put(URL, url);
    environment.put(SCHEMA, schema);
  }

  HikariDataSource connect(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setSchema(schema);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Address[" + schema + "]";
  }
}
