package dev.escapement.jdbc;

import dev.escapement.store.StoreException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * What lies behind a data source.
 *
 * @param name as the driver says
 * @param version as the driver says
 * @param url without credentials
 */
record Product(String name, int major, int minor, String version, String url) {

  private static final Pattern OPTIONS = Pattern.compile("[?;].*");
  private static final Pattern CREDENTIALS = Pattern.compile("//[^/@]*@");

  static Product of(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      DatabaseMetaData meta = connection.getMetaData();
      String url = meta.getURL() == null ? "an unknown address" : meta.getURL();
      return new Product(
          meta.getDatabaseProductName(),
          meta.getDatabaseMajorVersion(),
          meta.getDatabaseMinorVersion(),
          meta.getDatabaseProductVersion(),
          CREDENTIALS.matcher(OPTIONS.matcher(url).replaceAll("")).replaceAll("//"));
    }
  }

  boolean isPostgres() {
    return name.equals("PostgreSQL");
  }

  /**
   * @throws StoreException if there is no dialect for this
   */
  Dialect dialect(Tables tables) {
    if (isPostgres() && major >= 13) {
      return new PostgresDialect(tables);
    }
    if (name.equals("H2") && (major > 2 || (major == 2 && minor >= 2))) {
      return new H2Dialect(tables);
    }
    throw new StoreException(
        "The database is "
            + describe()
            + ", which JdbcStore doesn't support; it supports PostgreSQL 13 or newer and H2 2.2 or"
            + " newer.",
        null);
  }

  String describe() {
    return name + " " + version + " at " + url;
  }
}
