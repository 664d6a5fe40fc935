package dev.escapement.spring;

import dev.escapement.redis.RedisStore;
import dev.escapement.store.Store;
import java.util.List;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The store in Redis, where that is asked for or the application has no database. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = NoStoreConfiguration.REDIS_STORE)
@ConditionalOnBean(type = "org.springframework.data.redis.connection.RedisConnectionFactory")
@ConditionalOnProperty(
    prefix = "escapement",
    name = "store",
    havingValue = "redis",
    matchIfMissing = true)
@ConditionalOnMissingBean({Store.class, TestSchedulerAutoConfiguration.class})
class RedisStoreConfiguration {

  @Bean
  RedisStore escapementStore(
      EscapementProperties properties,
      ObjectProvider<RedisConnectionFactory> connections,
      Environment environment) {
    OtherStore.refuseSettings(environment, "escapement.jdbc", "in Redis");
    refuseReplicas(environment);
    RedisAddress address = RedisAddress.of(theOne(connections));
    RedisStore.Builder builder = RedisStore.builder(address.uri());
    address.ssl().ifPresent(builder::ssl);
    EscapementProperties.Redis said = properties.redis();
    String here = "escapement.redis.";
    PropertyOrigins.tell(environment, here + "prefix", said.prefix(), builder::prefix);
    PropertyOrigins.tell(environment, here + "timeout", said.timeout(), builder::timeout);
    PropertyOrigins.tell(environment, here + "history", said.history(), builder::history);
    PropertyOrigins.tell(
        environment, here + "even-if-it-evicts", said.evenIfItEvicts(), builder::evenIfItEvicts);
    return builder.build();
  }

  /** The connection itself doesn't tell of them, and would have us look on this machine. */
  private static void refuseReplicas(Environment environment) {
    List<String> said = PropertyOrigins.linesBelow(environment, "spring.data.redis.masterreplica");
    if (!said.isEmpty()) {
      throw new NoStoreException(
          "Of several servers nobody knows which one is the master:"
              + System.lineSeparator()
              + String.join(System.lineSeparator(), said),
          "Name the master with spring.data.redis.host, or the Sentinels that know it, or declare a"
              + " RedisStore bean.");
    }
  }

  private static RedisConnectionFactory theOne(ObjectProvider<RedisConnectionFactory> connections) {
    try {
      return connections.getObject();
    } catch (NoUniqueBeanDefinitionException e) {
      throw new NoStoreException(
          "There are several connections to Redis: "
              + e.getBeanNamesFound()
              + ", and none is primary.",
          "Mark the one to the scheduler's Redis with @Primary, or declare a RedisStore bean.");
    }
  }
}
