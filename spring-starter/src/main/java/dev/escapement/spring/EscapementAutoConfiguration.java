package dev.escapement.spring;

import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.Store;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * The scheduler of an application: over its database or its Redis, with the jobs of its beans,
 * started and stopped with its context. Each bean stands back for one of the application's.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration",
      "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
      "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
    })
@Conditional(SaidCondition.Enabled.class)
@EnableConfigurationProperties(EscapementProperties.class)
@ImportRuntimeHints(EscapementRuntimeHints.class)
@Import({
  Jackson2Configuration.class,
  MemoryStoreConfiguration.class,
  JdbcStoreConfiguration.class,
  RedisStoreConfiguration.class,
  NoStoreConfiguration.class,
  AdoptionConfiguration.class,
})
public class EscapementAutoConfiguration {

  static final String SCHEDULER = "escapementScheduler";

  @Bean
  SchedulerAssembly escapementSchedulerAssembly() {
    return new SchedulerAssembly();
  }

  /** A node that runs jobs. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(SaidCondition.RunsJobs.class)
  static class NodeConfiguration {

    /** A scheduler that nobody asks for must be made all the same. */
    @Bean
    static LazyInitializationExcludeFilter escapementSchedulersAreNotLazy() {
      return LazyInitializationExcludeFilter.forBeanTypes(Scheduler.class);
    }

    @Bean
    BeanJobs escapementBeanJobs(
        ConfigurableListableBeanFactory beans,
        EscapementProperties properties,
        Environment environment) {
      return new BeanJobs(beans, properties.jobs(), environment);
    }

    @Bean(name = SCHEDULER)
    @ConditionalOnMissingBean(name = SCHEDULER)
    Scheduler escapementScheduler(SchedulerAssembly assembly, Store store) {
      return assembly.create(SCHEDULER, store);
    }
  }

  /** A process that runs none. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(SaidCondition.EnqueuesOnly.class)
  static class ClientConfiguration {

    @Bean(name = SCHEDULER)
    @ConditionalOnMissingBean(name = SCHEDULER)
    SchedulerClient escapementScheduler(SchedulerAssembly assembly, Store store) {
      return assembly.client(store);
    }
  }
}
