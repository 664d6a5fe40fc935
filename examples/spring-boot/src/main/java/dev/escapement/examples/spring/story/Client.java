package dev.escapement.examples.spring.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Asks one instance over HTTP. */
final class Client {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String name;
  private final long pid;
  private final int port;

  Client(String name, long pid, int port) {
    this.name = name;
    this.pid = pid;
    this.port = port;
  }

  /** A line of the shop's own book. */
  record Fire(String job, @Nullable Instant fireTime, String instance) {}

  /** A line of the scheduler's history. */
  record Attempt(
      String key,
      Instant fireTime,
      long missedFires,
      int attempt,
      String outcome,
      String node,
      String failure) {}

  /** A refusal. */
  private record Problem(String detail) {}

  /** What came of a request. */
  record Answer(int status, String text) {}

  String name() {
    return name;
  }

  Answer order(String number, String customer, int pieces)
      throws IOException, InterruptedException {
    Map<String, Object> order =
        Map.of("number", number, "customer", customer, "item", "teapot", "pieces", pieces);
    HttpResponse<String> response =
        send(
            request("/orders")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(order))));
    return new Answer(
        response.statusCode(),
        response.body().isEmpty()
            ? "taken"
            : JSON.readValue(response.body(), Problem.class).detail());
  }

  /** The order and who has sent its invoice. */
  Answer look(String number) throws IOException, InterruptedException {
    HttpResponse<String> response = send(request("/orders/" + number).GET());
    return new Answer(response.statusCode(), response.body());
  }

  List<Fire> fires() throws IOException, InterruptedException {
    return JSON.readValue(ok("/fires"), new TypeReference<List<Fire>>() {});
  }

  /** The attempts of a job, the latest first. */
  List<Attempt> attempts(String job) throws IOException, InterruptedException {
    return JSON.readValue(ok("/jobs/" + job + "/attempts"), new TypeReference<List<Attempt>>() {});
  }

  void pause(String job) throws IOException, InterruptedException {
    checked(send(request("/jobs/" + job + "/pause").POST(HttpRequest.BodyPublishers.noBody())));
  }

  private String ok(String path) throws IOException, InterruptedException {
    return checked(send(request(path).GET()));
  }

  private String checked(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException(name + " answers " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIMEOUT);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public String toString() {
    return name + " is process " + pid + ", http://127.0.0.1:" + port;
  }
}
