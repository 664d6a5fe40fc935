package dev.escapement.spring;

import dev.escapement.spring.test.AutoConfigureTestScheduler;
import dev.escapement.testing.TestScheduler;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** A scheduler whose clock a test turns, where it bears {@link AutoConfigureTestScheduler}. */
@AutoConfiguration(before = EscapementAutoConfiguration.class)
@Conditional(SaidCondition.Enabled.class)
class TestSchedulerAutoConfiguration {

  @Bean(name = EscapementAutoConfiguration.SCHEDULER)
  TestScheduler escapementScheduler(ConfigurableListableBeanFactory beans) {
    TestSchedulerAssembly assembly = new TestSchedulerAssembly(beans);
    return TestScheduler.late(assembly::builder);
  }
}
