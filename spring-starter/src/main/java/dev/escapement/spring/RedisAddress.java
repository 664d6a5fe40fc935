package dev.escapement.spring;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.util.Optional;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/**
 * Where Redis is, as Spring knows it: for connections of the store's own. They are not Spring's,
 * for those send again after a reconnect what may have happened before it.
 *
 * @param uri the server or its Sentinels, with credentials
 * @param ssl how to speak TLS, where the URI asks for it
 */
record RedisAddress(RedisURI uri, Optional<SslOptions> ssl) {

  private static final RedisCredentialsProviderFactory FROM_CONFIGURATION =
      new RedisCredentialsProviderFactory() {};

  /** From properties, from connection details or by hand: each ends in such a bean. */
  static RedisAddress of(RedisConnectionFactory connection) {
    if (!(connection instanceof LettuceConnectionFactory lettuce)) {
      throw new NoStoreException(
          "Spring's connection to Redis is a "
              + connection.getClass().getName()
              + ", and the store speaks to Redis by Lettuce.",
          "Set spring.data.redis.client-type=lettuce, or declare a RedisStore bean.");
    }
    refuse(lettuce.isClusterAware(), "to a Redis Cluster, which isn't supported yet");
    refuse(lettuce.getSocketConfiguration() != null, "by a socket and not by host and port");
    LettuceClientConfiguration client = lettuce.getClientConfiguration();
    RedisSentinelConfiguration sentinel = lettuce.getSentinelConfiguration();
    RedisURI uri =
        sentinel == null
            ? RedisURI.create(lettuce.getHostName(), lettuce.getPort())
            : sentinels(sentinel, client);
    uri.setDatabase(lettuce.getDatabase());
    uri.setSsl(client.isUseSsl());
    uri.setVerifyPeer(client.getVerifyMode());
    uri.setStartTls(client.isStartTls());
    client.getClientName().ifPresent(uri::setClientName);
    uri.setCredentialsProvider(
        credentials(client)
            .createCredentialsProvider(
                sentinel == null ? lettuce.getStandaloneConfiguration() : sentinel));
    return new RedisAddress(uri, client.getClientOptions().map(ClientOptions::getSslOptions));
  }

  private static void refuse(boolean so, String how) {
    if (so) {
      throw new NoStoreException(
          "Spring's connection to Redis is " + how + ".",
          "Declare a RedisStore bean for one server or for Sentinels, or keep the triggers in a"
              + " database.");
    }
  }

  private static RedisURI sentinels(
      RedisSentinelConfiguration sentinel, LettuceClientConfiguration client) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withSentinelMasterId(String.valueOf(requireNonNull(sentinel.getMaster()).getName()));
    for (RedisNode node : sentinel.getSentinels()) {
      RedisURI one =
          RedisURI.create(requireNonNull(node.getHost()), requireNonNull(node.getPort()));
      one.setCredentialsProvider(credentials(client).createSentinelCredentialsProvider(sentinel));
      builder.withSentinel(one);
    }
    return builder.build();
  }

  private static RedisCredentialsProviderFactory credentials(LettuceClientConfiguration client) {
    return client.getRedisCredentialsProviderFactory().orElse(FROM_CONFIGURATION);
  }
}
