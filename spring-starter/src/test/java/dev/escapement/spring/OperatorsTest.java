package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.policy.Retry;
import dev.escapement.schedule.Schedules;
import dev.escapement.testpostgres.PostgresServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators see of an application over HTTP: health, the endpoint, meters, traces. */
class OperatorsTest {

  private static final JobType<String> GREET = JobType.of("greet", String.class);
  private static final JobType<String> STUBBORN = JobType.of("stubborn", String.class);
  private static final JobType<String> CAREFUL = JobType.of("careful", String.class);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Path DASHBOARD = Path.of("..", "..", "docs", "grafana-dashboard.json");

  private static final List<String> TRACES = Collections.synchronizedList(new ArrayList<>());
  private static final List<String> LOGGED = Collections.synchronizedList(new ArrayList<>());

  private static PostgresServer server;
  private static ConfigurableApplicationContext context;
  private static Scheduler scheduler;

  @Configuration(proxyBeanMethods = false)
  static class Jobs {

    @Bean
    Job<String> greet() {
      return Job.of(GREET, (text, context) -> {});
    }

    @Bean
    Job<String> stubborn(Tracer tracer) {
      return Job.of(
              STUBBORN,
              (text, context) -> {
                TRACES.add(traceId(tracer));
                LOGGED.add(String.valueOf(MDC.get("traceId")));
                if (context.attempt() == 1) {
                  throw new IllegalStateException("not yet");
                }
              })
          .retry(Retry.fixed(Duration.ofMillis(50)));
    }

    @Bean
    Job<String> careful() {
      return Job.of(CAREFUL, (text, context) -> {}).transactional();
    }

    @Bean
    Job<Void> yearly() {
      return Job.recurring("yearly", Schedules.parse("cron: 0 2 1 1 *"), context -> {});
    }
  }

  @BeforeAll
  static void start() {
    server = PostgresServer.start(Map.of("fsync", "off"));
    context =
        Applications.run(
            Jobs.class,
            "spring.main.web-application-type=" + WebApplicationType.SERVLET,
            "server.port=0",
            "spring.datasource.url=" + server.url(),
            "spring.datasource.hikari.connection-timeout=1000",
            "escapement.jdbc.migrate=always",
            "escapement.node-name=here",
            "management.endpoints.web.exposure.include=health,escapement,prometheus",
            "management.endpoint.health.show-details=always",
            "management.tracing.sampling.probability=1.0");
    scheduler = context.getBean(Scheduler.class);
  }

  @AfterAll
  static void stop() {
    context.close();
    server.close();
  }

  private static String traceId(Tracer tracer) {
    Span span = tracer.currentSpan();
    return span == null ? "none" : span.context().traceId();
  }

  private record Answer(int status, String text) {
    JsonNode json() {
      return JsonMapper.shared().readTree(text);
    }
  }

  private static Answer ask(String path, String... body) throws Exception {
    String port = context.getBean(Environment.class).getRequiredProperty("local.server.port");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path));
    if (body.length > 0) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body[0]));
    }
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  private static Answer decide(String job, String action) throws Exception {
    return ask("escapement/" + job, "{\"action\": \"" + action + "\"}");
  }

  private static TriggerId run(JobType<String> type) throws Exception {
    TriggerId id = scheduler.enqueue(type, "x").id();
    assertThat(scheduler.await(id, LONG).outcome()).isEqualTo(Outcome.SUCCEEDED);
    return id;
  }

  @Test
  void healthTellsHowTheNodeIs() throws Exception {
    Answer health = ask("health");

    assertThat(health.status()).isEqualTo(200);
    JsonNode part = health.json().path("components").path("escapement");
    assertThat(part.path("status").asString()).isEqualTo("UP");
    assertThat(part.path("details").path("node").asString()).isEqualTo("here");
    assertThat(part.path("details").path("trusted").asBoolean()).isTrue();
    assertThat(part.path("details").path("lag").asString()).startsWith("PT");
  }

  @Test
  void theEndpointShowsJobsNodesAndQueues() throws Exception {
    run(GREET);

    JsonNode all = ask("escapement").json();
    assertThat(all.path("jobs").findValuesAsString("name"))
        .contains("careful", "greet", "stubborn", "yearly");
    assertThat(all.path("nodes").get(0).path("name").asString()).isEqualTo("here");
    assertThat(all.path("nodes").get(0).path("live").asBoolean()).isTrue();
    assertThat(all.path("queues").findValuesAsString("name")).contains("default");
    assertThat(all.path("running").isArray()).isTrue();

    JsonNode greet = ask("escapement/greet").json();
    assertThat(greet.path("last").path("outcome").asString()).isEqualTo("SUCCEEDED");
    assertThat(greet.path("last").path("node").asString()).isEqualTo("here");
    assertThat(greet.has("schedule") && !greet.path("schedule").isNull()).isFalse();
    JsonNode yearly = ask("escapement/yearly").json();
    assertThat(yearly.path("schedule").asString()).contains("0 2 1 1 *");
    assertThat(yearly.path("nextFire").asString()).contains("-01-01T");
  }

  @Test
  void theEndpointPausesResumesAndRunsJobs() throws Exception {
    assertThat(decide("yearly", "pause").json().path("paused").asBoolean()).isTrue();
    assertThat(scheduler.jobs().find("yearly").orElseThrow().paused()).isTrue();
    assertThat(decide("yearly", "resume").json().path("paused").asBoolean()).isFalse();

    assertThat(decide("yearly", "run").status()).isEqualTo(200);
    while (scheduler
        .executions()
        .list(dev.escapement.ExecutionFilter.ofJob("yearly"), 1)
        .items()
        .isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(ask("escapement/yearly").json().path("last").path("outcome").asString())
        .isEqualTo("SUCCEEDED");
  }

  @Test
  void theEndpointSaysWhatItCannotDo() throws Exception {
    assertThat(ask("escapement/nobody"))
        .returns(404, Answer::status)
        .extracting(Answer::text)
        .asString()
        .contains("nobody");
    assertThat(decide("nobody", "pause").status()).isEqualTo(404);
    assertThat(decide("nobody", "run").status()).isEqualTo(404);
    assertThat(decide("yearly", "explode"))
        .returns(400, Answer::status)
        .extracting(Answer::text)
        .asString()
        .contains("explode", "pause");
    assertThat(ask("escapement/yearly", "{}").status()).isEqualTo(400);
    assertThat(decide("greet", "run"))
        .returns(400, Answer::status)
        .extracting(Answer::text)
        .asString()
        .contains("no schedule");
    TriggerId standing = scheduler.triggers().findStanding("yearly").orElseThrow().id();
    scheduler.triggers().pause(standing);
    assertThat(decide("yearly", "run").status()).isEqualTo(409);
    scheduler.triggers().resume(standing);
  }

  @Test
  void theTraceOfWhoEnqueuesGoesOnInEachAttempt() throws Exception {
    Tracer tracer = context.getBean(Tracer.class);
    AtomicReference<String> trace = new AtomicReference<>("unset");
    AtomicReference<TriggerId> made = new AtomicReference<>();
    Observation.createNotStarted("request", context.getBean(ObservationRegistry.class))
        .observe(
            () -> {
              trace.set(traceId(tracer));
              made.set(scheduler.enqueue(STUBBORN, "x").id());
            });

    scheduler.await(Objects.requireNonNull(made.get()), LONG);

    assertThat(trace.get()).hasSize(32);
    assertThat(TRACES).containsExactly(trace.get(), trace.get());
    assertThat(LOGGED).as("in logs").containsExactly(trace.get(), trace.get());
  }

  @Test
  void eachMeterOfTheDashboardIsThere() throws Exception {
    run(GREET);
    run(CAREFUL);
    ask("prometheus");
    String scraped = ask("prometheus").text();

    assertThat(scraped)
        .contains("escapement_executions_seconds_count{job=\"greet\",outcome=\"SUCCEEDED\"}")
        .contains("escapement_lateness_seconds_max{job=\"careful\"}")
        .contains("escapement_queue_due{queue=\"default\"}")
        .contains("operation=\"sessions.open\",result=\"ok\"")
        .contains("escapement_trusted 1.0")
        .contains("escapement_sessions_total 1.0")
        .doesNotContain("operation=\"transactions.run\"");
    Set<String> dashboard = names(Files.readString(DASHBOARD));
    assertThat(dashboard).hasSizeGreaterThan(15);
    assertThat(names(scraped)).containsAll(dashboard);
  }

  private static Set<String> names(String text) throws IOException {
    Set<String> names = new TreeSet<>();
    Pattern.compile("\\bescapement_\\w+")
        .matcher(text)
        .results()
        .forEach(r -> names.add(r.group()));
    return names;
  }
}
