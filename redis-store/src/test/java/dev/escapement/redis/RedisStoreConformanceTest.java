package dev.escapement.redis;

import dev.escapement.conformance.StoreConformanceTest;
import dev.escapement.store.Store;

/** Each store has connections of its own to one Redis. */
final class RedisStoreConformanceTest extends StoreConformanceTest {

  private final String prefix = TestRedis.freshPrefix();

  @Override
  protected Store newStore() {
    return TestRedis.store(prefix).build();
  }
}
