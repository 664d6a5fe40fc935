package dev.escapement.examples.quickstart;

import dev.escapement.redis.RedisStore;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Redis of the user's, and which of its keys are ours.
 *
 * @param url with user and password
 * @param prefix what the names of our keys begin with
 */
record RedisAddress(String url, String prefix) {

  private static final String URL = "QUICKSTART_REDIS_URL";
  private static final String PREFIX = "QUICKSTART_REDIS_PREFIX";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PAGE = 1_000;

  /** With a prefix that nobody else uses. */
  static RedisAddress at(String url) {
    return new RedisAddress(url, "quickstart-" + UUID.randomUUID().toString().substring(0, 13));
  }

  static @Nullable RedisAddress of(Map<String, String> environment) {
    String url = environment.get(URL);
    return url == null
        ? null
        : new RedisAddress(url, Objects.requireNonNull(environment.get(PREFIX), PREFIX));
  }

  void putInto(Map<String, String> environment) {
    environment.put(URL, url);
    environment.put(PREFIX, prefix);
  }

  /** Whether a text is the URL of a Redis. */
  static boolean isUrl(String text) {
    try {
      RedisURI.create(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  RedisStore store() {
    return RedisStore.builder(uri()).prefix(prefix).build();
  }

  private RedisURI uri() {
    RedisURI uri = RedisURI.create(url);
    uri.setTimeout(PATIENCE);
    return uri;
  }

  /** Deletes our keys. */
  void deleteKeys() {
    RedisClient client = RedisClient.create(uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> redis = connection.sync();
      ScanArgs ours = ScanArgs.Builder.matches("{" + prefix + "}:*").limit(PAGE);
      KeyScanCursor<String> page = redis.scan(ours);
      unlink(redis, page);
      while (!page.isFinished()) {
        page = redis.scan(page, ours);
        unlink(redis, page);
      }
    } finally {
      client.shutdown(Duration.ZERO, PATIENCE);
    }
  }

  private static void unlink(RedisCommands<String, String> redis, KeyScanCursor<String> page) {
    if (!page.getKeys().isEmpty()) {
      redis.unlink(page.getKeys().toArray(String[]::new));
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "RedisAddress[" + prefix + "]";
  }
}
