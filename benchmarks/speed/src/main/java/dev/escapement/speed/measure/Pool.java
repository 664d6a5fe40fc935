package dev.escapement.speed.measure;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/** Connections to a database that is measured. */
public final class Pool implements AutoCloseable {

  private final HikariDataSource pool;
  private final DataSource source;

  Pool(HikariDataSource pool, DataSource source) {
    this.pool = pool;
    this.source = source;
  }

  /** Gives them. */
  public DataSource source() {
    return source;
  }

  @Override
  public void close() {
    pool.close();
  }
}
