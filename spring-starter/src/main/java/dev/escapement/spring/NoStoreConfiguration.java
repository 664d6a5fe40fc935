package dev.escapement.spring;

import dev.escapement.store.Store;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Where nothing says where the state lives, or what is said can't be, the start fails: with a store
 * in memory by default each replica would fire each job.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean({Store.class, TestSchedulerAutoConfiguration.class})
class NoStoreConfiguration {

  static final String REDIS_STORE = "dev.escapement.redis.RedisStore";

  private static final String ADD_A_DATABASE =
      "Add a database (spring-boot-starter-jdbc and a driver, or com.h2database:h2 to try it), ";

  @Bean
  Store escapementStore(
      EscapementProperties properties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    String said = PropertyOrigins.line(environment, "escapement.store");
    if (properties.store() == EscapementProperties.StoreKind.JDBC) {
      throw new NoStoreException(
          said + ", and there is no DataSource.", ADD_A_DATABASE + "or declare a Store bean.");
    }
    if (properties.store() == EscapementProperties.StoreKind.REDIS) {
      throw ClassUtils.isPresent(REDIS_STORE, beans.getBeanClassLoader())
          ? new NoStoreException(
              said + ", and Spring has no connection to Redis.",
              "Add spring-boot-starter-data-redis and say with spring.data.redis.* where Redis is,"
                  + " or declare a RedisStore bean.")
          : new NoStoreException(
              said + ", and the store in Redis isn't on the class path.",
              "Add dev.escapement:escapement-redis-store, or leave the property away.");
    }
    throw new NoStoreException(
        "There is no DataSource, and no Redis for escapement-redis-store, so there is nowhere to"
            + " keep the triggers that all replicas share.",
        ADD_A_DATABASE
            + "or escapement-redis-store beside spring-boot-starter-data-redis, or declare a Store"
            + " bean. For triggers that live in this process only and are fired by every replica,"
            + " set escapement.store=memory.");
  }
}
