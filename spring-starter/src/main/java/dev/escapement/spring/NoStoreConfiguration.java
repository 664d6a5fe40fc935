package dev.escapement.spring;

import dev.escapement.store.Store;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Where nothing says where the state lives, the start fails: with a store in memory by default each
 * replica would fire each job.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean({Store.class, TestSchedulerAutoConfiguration.class})
class NoStoreConfiguration {

  @Bean
  Store escapementStore() {
    throw new NoStoreException(
        "There is no DataSource, so there is nowhere to keep the triggers that all replicas share.",
        "Add a database (spring-boot-starter-jdbc and a driver, or com.h2database:h2 to try it), or"
            + " declare a Store bean. For triggers that live in this process only and are fired by"
            + " every replica, set escapement.store=memory.");
  }
}
