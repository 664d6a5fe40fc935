package dev.escapement.redis;

import dev.escapement.conformance.SchedulerConformanceTest;
import dev.escapement.store.Store;

/** Nodes share a Redis. */
final class RedisSchedulerConformanceTest extends SchedulerConformanceTest {

  private final String prefix = TestRedis.freshPrefix();

  @Override
  protected Store newStore() {
    Store store = TestRedis.store(prefix).build();
    store.open();
    return store;
  }
}
