package dev.escapement.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Pools that serve one test after the other, each of them one store of each: to open connections
 * and to plan statements on them takes longer than most tests. Not thread-safe.
 */
final class SharedPools implements AutoCloseable {

  private final int size;
  private final List<HikariDataSource> pools = new ArrayList<>();
  private int taken;

  /**
   * @param size how many connections each has
   */
  SharedPools(int size) {
    this.size = size;
  }

  /** One that nobody else has in this test. */
  HikariDataSource next() {
    if (taken == pools.size()) {
      pools.add(TestPostgres.pool(size));
    }
    return pools.get(taken++);
  }

  /** A test is over. */
  void giveBack() {
    taken = 0;
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
  }
}
