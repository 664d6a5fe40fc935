package dev.escapement.spring.guide;

import dev.escapement.Scheduler;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.spring.SchedulerFactory;
import dev.escapement.spring.SpringTransactions;
import dev.escapement.store.Store;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

// snippet: spring-schedulers
@Configuration(proxyBeanMethods = false)
class Schedulers {

  @Bean(defaultCandidate = false) // so that the other store is the one that is injected
  JdbcStore nightStore(DataSource dataSource, PlatformTransactionManager manager) {
    return JdbcStore.builder(dataSource)
        .tablePrefix("night_")
        .transactions(new SpringTransactions(dataSource, manager))
        .build();
  }

  @Bean(defaultCandidate = false)
  Scheduler nightScheduler(SchedulerFactory schedulers, @Qualifier("nightStore") Store store) {
    return schedulers.create("nightScheduler", store, builder -> builder.workers(2));
  }
}
// end
