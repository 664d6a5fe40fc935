package dev.escapement.spring;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.Job;
import dev.escapement.PayloadCodec;
import dev.escapement.TransitionListener;
import dev.escapement.spring.test.TestSchedulerBuilderCustomizer;
import dev.escapement.testing.TestScheduler;
import dev.escapement.testing.TestSchedulerBuilder;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Puts a test scheduler together from beans, as {@link SchedulerAssembly} does a real one. */
final class TestSchedulerAssembly {

  private static final boolean SPRING_JDBC =
      ClassUtils.isPresent(
          "org.springframework.jdbc.datasource.DataSourceUtils",
          TestSchedulerAssembly.class.getClassLoader());

  private final ConfigurableListableBeanFactory beans;

  TestSchedulerAssembly(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  TestSchedulerBuilder builder() {
    TestSchedulerBuilder builder = TestScheduler.builder();
    EscapementProperties said = beans.getBean(EscapementProperties.class);
    builder.queues(said.queues().toArray(String[]::new));
    beans.getBeanProvider(PayloadCodec.class).ifAvailable(builder::codec);
    beans.getBeanProvider(TransitionListener.class).orderedStream().forEach(builder::listener);
    beans.getBeanProvider(ExecutionInterceptor.class).orderedStream().forEach(builder::interceptor);
    beans
        .getBeanProvider(EnqueueInterceptor.class)
        .orderedStream()
        .forEach(builder::enqueueInterceptor);
    beans
        .getBeanProvider(BeanJobs.class)
        .ifAvailable(
            jobs ->
                builder.jobs(
                    jobs.of(EscapementAutoConfiguration.SCHEDULER).toArray(Job<?>[]::new)));
    if (SPRING_JDBC && beans.getBeanNamesForType(DataSource.class).length > 0) {
      Database.tell(builder, beans, said);
    }
    beans
        .getBeanProvider(TestSchedulerBuilderCustomizer.class)
        .orderedStream()
        .forEach(customizer -> customizer.customize(builder));
    return builder;
  }

  /** Loaded only where spring-jdbc is. */
  private static final class Database {

    static void tell(
        TestSchedulerBuilder builder,
        ConfigurableListableBeanFactory beans,
        EscapementProperties said) {
      JdbcBeans found = new JdbcBeans(beans, said.jdbc());
      DataSource source = found.dataSource();
      TestConnections connections = new TestConnections(source, found.transactionManager(source));
      builder.connections(connections).rollbacks(connections::afterRollback);
    }
  }
}
