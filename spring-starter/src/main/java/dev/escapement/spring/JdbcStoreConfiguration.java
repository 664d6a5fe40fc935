package dev.escapement.spring;

import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import dev.escapement.store.Store;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** The store in the application's database. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.jdbc.datasource.DataSourceUtils")
@ConditionalOnBean(DataSource.class)
@ConditionalOnProperty(
    prefix = "escapement",
    name = "store",
    havingValue = "jdbc",
    matchIfMissing = true)
@ConditionalOnMissingBean({Store.class, TestSchedulerAutoConfiguration.class})
@Import(JdbcAddressConfiguration.class)
class JdbcStoreConfiguration {

  @Bean
  SpringTransactions escapementTransactions(
      EscapementProperties properties, ConfigurableListableBeanFactory beans) {
    JdbcBeans found = new JdbcBeans(beans, properties.jdbc());
    DataSource source = found.dataSource();
    return new SpringTransactions(source, () -> found.transactionManager(source));
  }

  /** Late, for what a manager needs may itself enqueue: the entities of JPA have listeners. */
  @Bean
  SmartInitializingSingleton escapementTransactionManager(
      SpringTransactions transactions,
      EscapementProperties properties,
      ConfigurableListableBeanFactory beans) {
    return () -> {
      transactions.manager();
      new JdbcBeans(beans, properties.jdbc())
          .transactionManagers(transactions.source())
          .forEach(transactions::listenTo);
    };
  }

  @Bean
  OwnConnections escapementOwnConnections(
      EscapementProperties properties,
      SpringTransactions transactions,
      ObjectProvider<JdbcAddress> address) {
    return new OwnConnections(properties.jdbc(), transactions.source(), address.getIfAvailable());
  }

  /** Opened, and used, no sooner than the application's own migrations have run. */
  @Bean
  @DependsOnDatabaseInitialization
  JdbcStore escapementStore(
      EscapementProperties properties,
      SpringTransactions transactions,
      OwnConnections own,
      ObjectProvider<JdbcStoreBuilderCustomizer> customizers,
      Environment environment) {
    OtherStore.refuseSettings(environment, "escapement.redis", "in the application's database");
    JdbcStore.Builder builder = JdbcStore.builder(transactions.source()).transactions(transactions);
    own.control().ifPresent(builder::controlDataSource);
    own.notifications().ifPresent(builder::notifications);
    tell(builder, properties.jdbc());
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  private static void tell(JdbcStore.Builder builder, EscapementProperties.Jdbc said) {
    Optional.ofNullable(said.schema()).ifPresent(builder::schema);
    Optional.ofNullable(said.tablePrefix()).ifPresent(builder::tablePrefix);
    Optional.ofNullable(said.timeout()).ifPresent(builder::timeout);
    Optional.ofNullable(said.historyPartition()).ifPresent(builder::partitionedHistory);
    switch (said.migrate()) {
      case EMBEDDED -> {} // what the store does by itself
      case ALWAYS -> builder.migrate(SchemaPolicy.APPLY);
      case NEVER -> builder.migrate(SchemaPolicy.VALIDATE);
    }
  }
}
