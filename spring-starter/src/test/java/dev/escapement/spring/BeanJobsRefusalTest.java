package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.Recurring;
import dev.escapement.Scheduler;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.transaction.annotation.Transactional;

/** What of the jobs of beans keeps an application from starting, and what is said then. */
@Timeout(120)
class BeanJobsRefusalTest {

  private static String failure(Class<?> configuration, String... properties) {
    return Applications.failure(List.of(configuration), properties).getDescription();
  }

  static class Pinging {
    @Recurring(name = "ping", every = "1h")
    void ping() {}
  }

  @Configuration(proxyBeanMethods = false)
  static class Scoped {
    @Bean
    @Scope("prototype")
    Pinging pinging() {
      return new Pinging();
    }
  }

  @Test
  void aBeanOfWhichThereAreManyHasNoJobs() {
    assertThat(failure(Scoped.class))
        .contains("\"pinging\" has the scope \"prototype\"", "Pinging#ping", "ObjectProvider");
  }

  @Configuration(proxyBeanMethods = false)
  static class ScopedBehindAProxy {
    @Bean
    @Scope(value = "tenant", proxyMode = ScopedProxyMode.TARGET_CLASS)
    Pinging pinging() {
      return new Pinging();
    }
  }

  @Test
  void norHasOneOfAScopeOfItsOwn() {
    assertThat(failure(ScopedBehindAProxy.class)).contains("\"pinging\" has the scope \"tenant\"");
  }

  @Configuration(proxyBeanMethods = false)
  static class Twice {
    @Bean
    Pinging pinging() {
      return new Pinging();
    }

    @Bean
    Job<Void> pinger() {
      return Job.recurring("ping", Schedules.every(Duration.ofHours(1)), context -> {});
    }
  }

  @Test
  void twoJobsOfOneNameAreNamedWithTheirPlaces() {
    assertThat(failure(Twice.class))
        .contains("Two jobs bear the name \"ping\"")
        .contains("Pinging#ping (bean \"pinging\")", "BeanJobsRefusalTest$Twice", "\"pinger\"");
  }

  static class Hidden {
    @SuppressWarnings("UnusedMethod")
    @JobHandler("hidden")
    private void run() {}

    @Transactional
    public void elsewhere() {}
  }

  @Configuration(proxyBeanMethods = false)
  static class Private {
    @Bean
    Hidden hidden() {
      return new Hidden();
    }
  }

  @Test
  void aPrivateMethodOfABeanWithAdviceCantBeCalled() {
    assertThat(failure(Private.class))
        .contains("\"hidden\"", "Hidden#run", "Switch its visibility to package or protected");
  }

  static class Fixed {
    @JobHandler("fixed")
    final void run() {}

    @Transactional
    public void elsewhere() {}
  }

  @Configuration(proxyBeanMethods = false)
  static class Final {
    @Bean
    Fixed fixed() {
      return new Fixed();
    }
  }

  @Test
  void norCanAFinalOne() {
    assertThat(failure(Final.class)).contains("Fixed#run is final", "take the final away");
  }

  static class Absent implements Runnable {
    @Override
    @Transactional
    public void run() {}

    @JobHandler("absent")
    public void absent() {}
  }

  @Configuration(proxyBeanMethods = false)
  static class NotInTheInterface {
    @Bean
    Absent absent() {
      return new Absent();
    }
  }

  @Test
  void norCanOneThatTheProxysInterfaceHasNot() {
    assertThat(failure(NotInTheInterface.class, "spring.aop.proxy-target-class=false"))
        .contains("Absent#absent", "pull the method up to an interface");
  }

  @Configuration(proxyBeanMethods = false)
  static class Misspelt {
    @Recurring(name = "late", cron = "${no.such.property}")
    void run() {}
  }

  @Test
  void aPlaceholderThatStandsForNothingIsNamed() {
    assertThat(failure(Misspelt.class)).contains("Misspelt#run", "no.such.property");
  }

  @Configuration(proxyBeanMethods = false)
  static class Elsewhere {
    @Bean
    @ScheduledBy("billingScheduler")
    Job<Void> bill() {
      return Job.of(JobType.of("bill"), context -> {});
    }
  }

  @Test
  void aSchedulerThatIsntThereIsNamedWithThoseThatAre() {
    assertThat(failure(Elsewhere.class))
        .contains("\"bill\"", "for the scheduler \"billingScheduler\"", "[escapementScheduler]");
  }

  @Configuration(proxyBeanMethods = false)
  static class AnotherOfItsOwn {
    @Bean
    Scheduler escapementScheduler(Store store) {
      return Scheduler.builder().store(store).build();
    }

    @Bean
    Pinging pinging() {
      return new Pinging();
    }
  }

  @Test
  void aSchedulerThatIsntToldOfTheJobsOfBeansLosesNone() {
    assertThat(failure(AnotherOfItsOwn.class))
        .contains("\"ping\"", "would never run", "SchedulerFactory");
  }

  @Configuration(proxyBeanMethods = false)
  static class OfAMethod {
    @Recurring(name = "ping", every = "1h")
    @ScheduledBy("escapementScheduler")
    void run() {}
  }

  @Test
  void aMethodAloneCantChooseItsScheduler() {
    assertThat(failure(OfAMethod.class)).contains("OfAMethod#run bears @ScheduledBy");
  }
}
