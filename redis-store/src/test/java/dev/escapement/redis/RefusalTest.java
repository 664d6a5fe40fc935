package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.testredis.RedisServer;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Redis that is no place for triggers, or isn't there. */
final class RefusalTest {

  private static void assertRefused(String url, String... parts) {
    try (RedisStore store = RedisStore.at(url)) {
      assertThatThrownBy(store::open)
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(TransientStoreException.class)
          .message()
          .contains(parts)
          .doesNotContain("secret", "wrong-password");
    }
  }

  @Test
  void aPasswordThatIsMissingOrWrongIsNamedAndNotShown() {
    try (RedisServer server = RedisServer.start(Map.of("requirepass", "secret"))) {
      assertRefused(server.url(), "NOAUTH", "Redis wants a password.");
      assertRefused("redis://:wrong-password@127.0.0.1:" + server.port(), "WRONGPASS", "are wrong");
      try (RedisStore store = RedisStore.at("redis://:secret@127.0.0.1:" + server.port())) {
        store.open();
        assertThat(store.describe()).doesNotContain("secret");
      }
    }
  }

  @Test
  void oneThatEvictsIsRefusedUnlessForced() {
    try (RedisServer server =
        RedisServer.start(Map.of("maxmemory-policy", "allkeys-lru", "maxmemory", "100mb"))) {
      assertRefused(server.url(), "maxmemory-policy allkeys-lru", "evenIfItEvicts(true)");
      try (RedisStore store =
          RedisStore.builder(RedisURI.create(server.url())).evenIfItEvicts(true).build()) {
        assertThatCode(store::open).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void aReplicaIsRefused() {
    try (RedisServer master = RedisServer.start(Map.of());
        RedisServer replica =
            RedisServer.start(Map.of("replicaof", "127.0.0.1 " + master.port()))) {
      assertRefused(replica.url(), "only reads", "connect to the master");
      try (RedisStore store = RedisStore.at(replica.url())) {
        assertThatThrownBy(() -> store.triggers().enqueue(List.of(Trigger.now())))
            .isInstanceOf(TransientStoreException.class)
            .hasMessageContaining("READONLY");
      }
    }
  }

  @Test
  void oneThatIsTooOldIsRefused() {
    assertThatThrownBy(() -> Server.refuseOld("redis://here", "6.0.16"))
        .isExactlyInstanceOf(StoreException.class)
        .hasMessage("redis://here is Redis 6.0.16; Escapement needs 6.2 or newer.");
    assertThatThrownBy(() -> Server.refuseOld("redis://here", "5.0"))
        .isInstanceOf(StoreException.class);
    for (String version : List.of("6.2.0", "7.0.11", "8.2", "10.0.1-rc1")) {
      assertThatCode(() -> Server.refuseOld("redis://here", version)).doesNotThrowAnyException();
    }
  }

  @Test
  void nobodyThereIsTransient() {
    try (RedisStore store = RedisStore.at("redis://127.0.0.1:1")) {
      assertThatThrownBy(store::open)
          .isInstanceOf(TransientStoreException.class)
          .hasMessageContaining("no connection to redis://127.0.0.1:1");
    }
  }

  @Test
  void aStoreThatIsClosedSaysSo() {
    RedisStore store = RedisStore.at(TestRedis.url());
    store.open();
    store.close();
    store.close();
    assertThatThrownBy(store::now)
        .isExactlyInstanceOf(StoreException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    RedisStore.Builder builder = RedisStore.builder(RedisURI.create(TestRedis.url()));
    assertThatThrownBy(() -> builder.prefix("a{b}")).hasMessageContaining("\"a{b}\"");
    assertThatThrownBy(() -> builder.prefix("")).isInstanceOf(InvalidDeclarationException.class);
    assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> builder.history(0)).hasMessageContaining("0 executions");
  }
}
