package dev.escapement.spring;

import dev.escapement.Execution;
import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.JobType;
import dev.escapement.PayloadCodec;
import dev.escapement.Recurring;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts, runs a job of each kind, says so, and stops. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class SmallApplication {

  static final JobType<Parcel> SEND = JobType.of("send", Parcel.class);
  static final JobType<Letter> POST = JobType.of("post", Letter.class);

  /** What is sent. */
  public record Parcel(String to, Letter inside) {}

  /** What is in it. */
  public record Letter(String text) {}

  /** Its methods are jobs. */
  static class Office {

    static final JobType<Parcel> SEND = SmallApplication.SEND;
    final CountDownLatch ticks = new CountDownLatch(1);

    @JobHandler("send")
    Letter send(Parcel parcel) {
      return new Letter("sent to " + parcel.to() + ": " + parcel.inside().text());
    }

    @Recurring(name = "tick", every = "${tick:100ms}")
    void tick() {
      ticks.countDown();
    }
  }

  @Bean
  Office office() {
    return new Office();
  }

  @Bean
  Job<Letter> post(SchedulerClient client) {
    return Job.of(POST, (letter, context) -> client.enqueue(SEND, new Parcel("nobody", letter)));
  }

  public static void main(String[] arguments) throws Exception {
    SpringApplication application = new SpringApplication(SmallApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    try (ConfigurableApplicationContext context = application.run(arguments)) {
      System.out.println("Generated: " + AotDetector.useGeneratedArtifacts());
      Scheduler scheduler = context.getBean(Scheduler.class);
      TriggerId id = scheduler.enqueue(SEND, new Parcel("Ann", new Letter("hello"))).id();
      Execution execution = scheduler.await(id, Duration.ofSeconds(30));
      System.out.println("Result: " + execution.result());
      boolean ticked = context.getBean(Office.class).ticks.await(30, TimeUnit.SECONDS);
      System.out.println("Ticked: " + ticked);
      System.out.println(
          "Codec: "
              + context.getBeanProvider(PayloadCodec.class).stream()
                  .map(codec -> codec.getClass().getSimpleName())
                  .toList());
    }
  }
}
