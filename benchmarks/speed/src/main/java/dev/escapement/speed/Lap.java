package dev.escapement.speed;

import dev.escapement.speed.measure.Database;
import dev.escapement.speed.measure.Statements;
import dev.escapement.speed.peer.Peers;
import dev.escapement.speed.scenario.Scenario;
import dev.escapement.speed.scenario.Scenarios;
import dev.escapement.speed.scenario.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One measurement: in a process of its own, so that none inherits the threads, the garbage and the
 * compiled code of another.
 *
 * @param counted whether statements are counted; if not, it is timed
 */
record Lap(
    String scenario,
    String variant,
    String peer,
    String url,
    long server,
    double scale,
    boolean counted) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Double>> FIGURES = new TypeReference<>() {};

  /** Measures here and now. */
  Map<String, Double> run() throws Exception {
    Scenario what = Scenarios.named(scenario);
    Statements counter = counted ? new Statements() : null;
    try (Database database = new Database(url, counter)) {
      return what.measure(Peers.named(peer), variant, new Stage(database, counter, server, scale));
    }
  }

  /**
   * Measures in a new process.
   *
   * @param minutes how long it may take
   * @param recording gets what Flight Recorder sees of it; null to go without
   * @return the figures; null if it failed, which it has said
   */
  @Nullable Map<String, Double> fork(Path folder, long minutes, @Nullable Path recording)
      throws IOException, InterruptedException {
    Path order = folder.resolve("lap.json");
    Path answer = folder.resolve("lap-figures.json");
    Files.deleteIfExists(answer);
    Files.write(order, JSON.writeValueAsBytes(this));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms1g", "-Xmx2g"));
    if (recording != null) {
      // A thread in a native method waits for the database, mostly.
      command.add(
          "-XX:StartFlightRecording:settings=profile,jdk.NativeMethodSample#enabled=false,filename="
              + recording);
      command.add("-Xlog:jfr*=off");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lap.class.getName()));
    command.addAll(List.of(order.toString(), answer.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return Files.exists(answer) ? JSON.readValue(Files.readAllBytes(answer), FIGURES) : null;
  }

  /** Is called by {@link #fork}. */
  @SuppressWarnings("SystemExitOutsideMain") // a peer's threads must not keep the process
  public static void main(String[] args) throws Exception {
    Lap lap = JSON.readValue(Files.readAllBytes(Path.of(args[0])), Lap.class);
    Path answer = Path.of(args[1]);
    Path written = answer.resolveSibling(answer.getFileName() + ".part");
    Files.write(written, JSON.writeValueAsBytes(lap.run()));
    Files.move(written, answer);
    System.exit(0);
  }

  /** What it is, for people. */
  String title() {
    return String.join(", ", List.of(scenario, variant, peer)) + (counted ? ", counted" : "");
  }
}
