package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.JobStatus;
import dev.escapement.JobType;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two schedulers in one context. */
@Timeout(120)
class SchedulerFactoryTest {

  @ScheduledBy("billingScheduler")
  static class Billing {
    @JobHandler("bill")
    String bill() {
      return Thread.currentThread().getName();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Two {
    @Bean(defaultCandidate = false)
    Store billingStore() {
      return new MemoryStore();
    }

    @Bean(defaultCandidate = false)
    Scheduler billingScheduler(
        SchedulerFactory schedulers, @Qualifier("billingStore") Store store) {
      return schedulers.create(
          "billingScheduler", store, builder -> builder.nodeName("the billing node"));
    }

    @Bean
    Billing billing() {
      return new Billing();
    }

    @Bean
    @ScheduledBy("billingScheduler")
    Job<Void> remind() {
      return Job.of(JobType.of("remind"), context -> {});
    }

    @JobHandler("mail")
    void mail() {}
  }

  private static List<String> jobs(SchedulerClient client) {
    return client.jobs().all().stream().map(JobStatus::name).toList();
  }

  @Test
  void eachRunsTheJobsOfTheBeansThatNameIt() throws Exception {
    try (ConfigurableApplicationContext context =
        Applications.run(Two.class, "escapement.node-name=the node")) {
      SchedulerClient standard = context.getBean(SchedulerClient.class);
      Scheduler billing = context.getBean("billingScheduler", Scheduler.class);

      assertThat(jobs(standard)).containsExactly("mail");
      assertThat(jobs(billing)).containsExactly("bill", "remind");
      Execution mail =
          standard.await(standard.enqueue(JobType.of("mail")).id(), Duration.ofSeconds(60));
      Execution bill =
          billing.await(billing.enqueue(JobType.of("bill")).id(), Duration.ofSeconds(60));
      assertThat(mail.node()).isEqualTo("the node");
      assertThat(bill.node()).isEqualTo("the billing node");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Misnamed {
    @Bean(defaultCandidate = false)
    Scheduler billingScheduler(SchedulerFactory schedulers) {
      return schedulers.create("billing", new MemoryStore());
    }
  }

  @Test
  void aSchedulerIsToldItsOwnName() {
    assertThat(Applications.failure(List.of(Misnamed.class)).getDescription())
        .contains("\"billing\"", "[billingScheduler, escapementScheduler]");
  }

  @Configuration(proxyBeanMethods = false)
  static class Ticking {
    @JobHandler("tick")
    void tick() {}
  }

  @Test
  void whereBeansAreLazySchedulersStartAllTheSame() throws Exception {
    try (ConfigurableApplicationContext context =
        Applications.run(
            List.of(Two.class, Ticking.class), "spring.main.lazy-initialization=true")) {
      assertThat(context.getBeanFactory().containsSingleton("billing")).isFalse();
      assertThat(context.getBeanFactory().containsSingleton("billingScheduler")).isTrue();
      Scheduler billing = context.getBean("billingScheduler", Scheduler.class);
      assertThat(billing.stats().sessions()).isEqualTo(1);
      assertThat(context.getBean(Scheduler.class).stats().sessions()).isEqualTo(1);
    }
  }
}
