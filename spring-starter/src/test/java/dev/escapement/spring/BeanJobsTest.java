package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobHandler;
import dev.escapement.JobRequest;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Recurring;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Jobs of beans of all kinds, called as other beans would call them. */
@Timeout(120)
class BeanJobsTest {

  private static ConfigurableApplicationContext context;

  @BeforeAll
  static void start() {
    context =
        Applications.run(
            Beans.class, "spring.aop.proxy-target-class=false", "billing.cron=0 0 2 * * MON");
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  record Invoice(int number) {}

  /** Not made visible: the library reaches what Spring reaches. */
  static class Ledger {

    private final String name = "ledger";

    @JobHandler("book")
    @Transactional
    String book(Invoice invoice) {
      return name + " " + invoice.number() + " " + isInTransaction();
    }

    @Recurring(name = "nightly", cron = "${billing.cron}", zone = "#{'Europe' + '/Zurich'}")
    void nightly() {}
  }

  interface Mailer {
    String send(Invoice invoice, JobContext attempt) throws IOException;
  }

  static class SmtpMailer implements Mailer {
    @Override
    @JobHandler(value = "mail", maxAttempts = 1)
    @Transactional
    public String send(Invoice invoice, JobContext attempt) throws IOException {
      if (invoice.number() < 0) {
        throw new IOException("No such invoice");
      }
      return attempt.attempt() + " " + isInTransaction();
    }
  }

  static class Wrapped implements Supplier<String> {
    @Override
    @JobHandler("wrapped")
    public String get() {
      return "wrapped";
    }
  }

  /** Advice that doesn't tell Spring what it is around. */
  static class Wrapping implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof Wrapped ? new ProxyFactory(bean).getProxy() : bean;
    }
  }

  static class Sleeper {
    private static final AtomicInteger MADE = new AtomicInteger();

    Sleeper() {
      MADE.incrementAndGet();
    }

    @SuppressWarnings("UnusedMethod")
    @JobHandler("sleep")
    private String sleep() {
      return "made " + MADE.get();
    }
  }

  abstract static class Importer {
    @JobHandler("import")
    String run() {
      return getClass().getSimpleName();
    }
  }

  static class CsvImporter extends Importer {}

  interface Product {}

  static class Made implements Product {
    @JobHandler("made")
    String made() {
      return "by a factory";
    }
  }

  static class Maker implements FactoryBean<Product> {
    @Override
    public Product getObject() {
      return new Made();
    }

    @Override
    public Class<?> getObjectType() {
      return Made.class;
    }
  }

  /** Enqueues while the beans are being made, before the jobs of all of them are known. */
  record Early(TriggerId mail) {}

  @Configuration
  static class Configured {

    @Bean
    AtomicInteger counter() {
      return new AtomicInteger();
    }

    @JobHandler("configured")
    String same() {
      counter().incrementAndGet();
      return "count " + counter().incrementAndGet();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Configured.class)
  static class Beans {

    @Bean
    Early early(SchedulerClient client) {
      return new Early(client.submit(of("mail", 1)).id());
    }

    @Bean
    Ledger ledger() {
      return new Ledger();
    }

    /** Says less than it is. */
    @Bean
    Mailer mailer() {
      return new SmtpMailer();
    }

    @Bean
    Wrapped wrapped() {
      return new Wrapped();
    }

    @Bean
    static Wrapping wrapping() {
      return new Wrapping();
    }

    @Bean
    @Lazy
    Sleeper sleeper() {
      return new Sleeper();
    }

    @Bean
    CsvImporter importer() {
      return new CsvImporter();
    }

    @Bean
    Maker maker() {
      return new Maker();
    }

    @Bean
    Job<Void> plain() {
      return Job.returning(JobType.of("plain"), attempt -> "a bean");
    }
  }

  private static String isInTransaction() {
    return TransactionSynchronizationManager.isActualTransactionActive() ? "inside" : "outside";
  }

  private static Execution execution(JobRequest<?> request) throws Exception {
    SchedulerClient client = context.getBean(SchedulerClient.class);
    return client.await(client.submit(request).id(), Duration.ofSeconds(60));
  }

  private static String result(JobRequest<?> request) throws Exception {
    Execution execution = execution(request);
    assertThat(execution.outcome()).as("%s", execution).isEqualTo(Outcome.SUCCEEDED);
    return execution.result().orElseThrow().as(String.class);
  }

  private static String result(String job) throws Exception {
    return result(JobType.of(job).request());
  }

  private static JobRequest<Invoice> of(String job, int number) {
    return JobType.of(job, Invoice.class).with(new Invoice(number));
  }

  @Test
  void aMethodIsCalledThroughTheSubclassThatAdviceMade() throws Exception {
    assertThat(AopUtils.isCglibProxy(context.getBean(Ledger.class))).isTrue();

    assertThat(result(of("book", 7))).isEqualTo("ledger 7 inside");
  }

  @Test
  void aMethodIsCalledThroughTheInterfaceThatAdviceLeft() throws Exception {
    assertThat(Proxy.isProxyClass(context.getBean("mailer").getClass())).isTrue();

    assertThat(result(of("mail", 7))).isEqualTo("1 inside");
  }

  @Test
  void aMethodIsFoundBehindAdviceThatDoesntSayWhatItIsAround() throws Exception {
    assertThat(result("wrapped")).isEqualTo("wrapped");
  }

  @Test
  void whatAMethodThrowsComesOutAsItself() throws Exception {
    Execution execution = execution(of("mail", -1));

    assertThat(execution.failure().orElseThrow().type()).isEqualTo(IOException.class.getName());
  }

  @Test
  void aLazyBeanIsMadeByItsFirstRun() throws Exception {
    assertThat(Sleeper.MADE).hasValue(0);

    assertThat(result("sleep")).isEqualTo("made 1");
    assertThat(result("sleep")).isEqualTo("made 1");
  }

  @Test
  void aMethodOfAnAbstractClassIsAJobOfTheBean() throws Exception {
    assertThat(result("import")).isEqualTo("CsvImporter");
  }

  @Test
  void theProductOfAFactoryHasJobs() throws Exception {
    assertThat(result("made")).isEqualTo("by a factory");
  }

  @Test
  void aConfigurationClassHasJobs() throws Exception {
    assertThat(result("configured")).isEqualTo("count 2");
  }

  @Test
  void aJobMayBeABean() throws Exception {
    assertThat(result("plain")).isEqualTo("a bean");
  }

  @Test
  void placeholdersAndExpressionsAreResolvedAndSixFieldsAreSprings() {
    SchedulerClient client = context.getBean(SchedulerClient.class);

    assertThat(client.jobs().find("nightly").orElseThrow().schedule())
        .contains("cron spring: 0 0 2 * * MON; zone Europe/Zurich");
  }

  @Test
  void aBeanMayEnqueueWhileOthersAreBeingMade() throws Exception {
    TriggerId early = context.getBean(Early.class).mail();

    assertThat(
            context.getBean(SchedulerClient.class).await(early, Duration.ofSeconds(60)).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
  }
}
