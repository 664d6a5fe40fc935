package dev.escapement.spring;

import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store in this process, where it is asked for by name. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(prefix = "escapement", name = "store", havingValue = "memory")
@ConditionalOnMissingBean({Store.class, TestSchedulerAutoConfiguration.class})
class MemoryStoreConfiguration {

  @Bean
  MemoryStore escapementStore() {
    return new MemoryStore();
  }
}
