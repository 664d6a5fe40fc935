package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.store.TransientStoreException;
import dev.escapement.testredis.RedisServer;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways to Redis other than straight on. */
final class ConnectionTest {

  @Test
  void aSentinelLeadsToTheMaster() {
    try (RedisServer master = RedisServer.start(Map.of());
        RedisServer sentinel = RedisServer.startSentinel(master, "shop");
        RedisStore store =
            RedisStore.at("redis-sentinel://127.0.0.1:" + sentinel.port() + "/1#shop")) {
      store.open();
      store.triggers().enqueue(List.of(Trigger.now()));
      assertThat(store.describe())
          .isEqualTo("redis-sentinel://127.0.0.1:" + sentinel.port() + "/1#shop");
    }
  }

  @Test
  void whomToTrustIsSaid(@TempDir Path folder) throws Exception {
    try (RedisServer server = RedisServer.start(Map.of());
        TlsFront front = TlsFront.of(server.port(), folder)) {
      RedisURI uri = RedisURI.create("rediss://127.0.0.1:" + front.port());
      SslOptions trusting = SslOptions.builder().trustManager(front.certificate()).build();

      try (RedisStore store = RedisStore.builder(uri).ssl(trusting).build()) {
        assertThatCode(store::open).doesNotThrowAnyException();
      }
      try (RedisStore store = RedisStore.builder(uri).build()) {
        assertThatThrownBy(store::open)
            .isInstanceOf(TransientStoreException.class)
            .hasStackTraceContaining("SSLHandshakeException");
      }
    }
  }
}
