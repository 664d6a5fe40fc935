package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What is taken over from Spring's connection to Redis. */
class RedisAddressTest {

  private static String credentials(RedisURI uri) {
    RedisCredentials found =
        Objects.requireNonNull(uri.getCredentialsProvider().resolveCredentials().block());
    return found.getUsername() + ":" + String.valueOf(found.getPassword());
  }

  @Test
  void aServerWithUserDatabaseAndTls() {
    RedisStandaloneConfiguration server = new RedisStandaloneConfiguration("there", 6380);
    server.setDatabase(3);
    server.setUsername("shop");
    server.setPassword("secret");
    SslOptions trusting = SslOptions.builder().jdkSslProvider().build();
    LettuceClientConfiguration client =
        LettuceClientConfiguration.builder()
            .clientName("orders")
            .clientOptions(ClientOptions.builder().sslOptions(trusting).build())
            .useSsl()
            .disablePeerVerification()
            .build();

    RedisAddress address = RedisAddress.of(new LettuceConnectionFactory(server, client));

    RedisURI uri = address.uri();
    assertThat(uri.getHost() + ":" + uri.getPort() + "/" + uri.getDatabase())
        .isEqualTo("there:6380/3");
    assertThat(credentials(uri)).isEqualTo("shop:secret");
    assertThat(uri.isSsl()).isTrue();
    assertThat(uri.isVerifyPeer()).isFalse();
    assertThat(uri.getClientName()).isEqualTo("orders");
    assertThat(address.ssl()).containsSame(trusting);
  }

  @Test
  void aServerWithoutAnything() {
    RedisAddress address = RedisAddress.of(new LettuceConnectionFactory());

    assertThat(address.uri()).isEqualTo(RedisURI.create("localhost", 6379));
    assertThat(address.uri().isSsl()).isFalse();
  }

  @Test
  void sentinels() {
    RedisSentinelConfiguration sentinels =
        new RedisSentinelConfiguration().master("orders").sentinel("one", 1).sentinel("two", 2);
    sentinels.setDatabase(4);
    sentinels.setPassword("secret");
    sentinels.setSentinelPassword("other");

    RedisURI uri = RedisAddress.of(new LettuceConnectionFactory(sentinels)).uri();

    assertThat(uri.getSentinelMasterId()).isEqualTo("orders");
    assertThat(uri.getDatabase()).isEqualTo(4);
    assertThat(credentials(uri)).isEqualTo("null:secret");
    assertThat(uri.getSentinels())
        .extracting(RedisURI::getHost, RedisURI::getPort, RedisAddressTest::credentials)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("one", 1, "null:other"),
            org.assertj.core.groups.Tuple.tuple("two", 2, "null:other"));
  }

  @Test
  void aClusterIsRefused() {
    RedisClusterConfiguration cluster = new RedisClusterConfiguration(List.of("one:1"));

    assertThatThrownBy(() -> RedisAddress.of(new LettuceConnectionFactory(cluster)))
        .isInstanceOf(NoStoreException.class)
        .hasMessageContaining("Redis Cluster");
  }
}
