package dev.escapement.redis;

import dev.escapement.testredis.RedisServer;
import io.lettuce.core.RedisURI;
import java.util.Map;
import java.util.UUID;

/** The tests' own Redis, one for each JVM; or that at {@code ESCAPEMENT_TEST_REDIS_URL}. */
final class TestRedis {

  private static final String GIVEN = System.getenv("ESCAPEMENT_TEST_REDIS_URL");

  private TestRedis() {}

  /** Made when first asked for. It ends with the JVM. */
  private static final class Own {
    static final RedisServer SERVER = RedisServer.start(Map.of());
  }

  static String url() {
    return GIVEN == null ? Own.SERVER.url() : GIVEN;
  }

  /** A prefix that nobody has used. */
  static String freshPrefix() {
    return "test-" + UUID.randomUUID().toString().substring(0, 18);
  }

  static RedisStore.Builder store(String prefix) {
    return RedisStore.builder(RedisURI.create(url())).prefix(prefix);
  }
}
