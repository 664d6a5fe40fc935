package dev.escapement.speed;

import dev.escapement.speed.measure.Server;
import dev.escapement.speed.peer.Peer;
import dev.escapement.speed.peer.Peers;
import dev.escapement.speed.report.Charts;
import dev.escapement.speed.report.Flames;
import dev.escapement.speed.report.Measurement;
import dev.escapement.speed.report.Report;
import dev.escapement.speed.report.Tables;
import dev.escapement.speed.scenario.Scenario;
import dev.escapement.speed.scenario.Scenarios;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "benchmarks/run",
    description =
        "Measures schedulers side by side on PostgreSQL: tables at the end, and a file, and"
            + " pictures.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class Speed implements Callable<Integer> {

  private static final String ALL = "all";
  private static final String LONG = "long-run";
  private static final long LAP_MINUTES = 20;
  private static final long LONG_MINUTES = 60;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      split = ",",
      paramLabel = "SCENARIO[,...]",
      description =
          "burn-down, steady, enqueue, on-time, recurring, deep-table, herd, idle,"
              + " long-run; or all, which is all but long-run. Default: all")
  private List<String> scenarios = List.of(ALL);

  @Parameters(
      index = "1",
      arity = "0..1",
      split = ",",
      paramLabel = "PEER[,...]",
      description = "whom to measure. Default: all")
  private List<String> peers = List.of(ALL);

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "URL",
      description =
          "jdbc:postgresql://... of a server on which databases may be made. Default: one of its"
              + " own, durable")
  private @Nullable String url;

  @Option(names = "--variant", description = "only variants that contain this")
  private String variant = "";

  @Option(names = "--rounds", description = "how often; the median counts. Default: 3")
  private int rounds = 3;

  @Option(
      names = "--scale",
      description = "multiplies numbers of jobs and times; less than 1 for trying. Default: 1")
  private double scale = 1;

  @Option(
      names = "--profile",
      description =
          "a flame graph of each JVM, as HTML beside the tables; what is measured then is a little"
              + " slower")
  private boolean profiled;

  @Option(
      names = "--out",
      description = "folder for the file and the pictures. Default: ${DEFAULT-VALUE}")
  private Path out = Path.of("target", "speed");

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(out);
    Map<Key, Measurement> found = new LinkedHashMap<>();
    List<Key> failed = new ArrayList<>();
    try (Server server = url == null ? Server.own() : Server.at(url)) {
      Map<String, String> machine = machine(server);
      for (int round = 1; round <= rounds; round++) {
        for (Key key : keys()) {
          if (!measure(server, key, round, found)) {
            failed.add(key);
          }
        }
        show(machine, found);
      }
    }
    failed.forEach(key -> print("FAILED: " + key));
    return failed.isEmpty() ? 0 : 1;
  }

  /** What is measured. */
  private record Key(Scenario scenario, String variant, Peer peer) {

    @Override
    public String toString() {
      return scenario.name() + ", " + variant + ", " + peer.name();
    }
  }

  private List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (Scenario scenario : chosenScenarios()) {
      for (String one : scenario.variants()) {
        for (Peer peer : chosenPeers()) {
          if (one.contains(variant) && scenario.suits(peer, one)) {
            keys.add(new Key(scenario, one, peer));
          }
        }
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("Nothing suits what was asked for.");
    }
    return keys;
  }

  private List<Scenario> chosenScenarios() {
    return scenarios.equals(List.of(ALL))
        ? Scenarios.all().stream().filter(scenario -> !scenario.name().equals(LONG)).toList()
        : scenarios.stream().map(Scenarios::named).toList();
  }

  private List<Peer> chosenPeers() {
    return peers.equals(List.of(ALL)) ? Peers.all() : peers.stream().map(Peers::named).toList();
  }

  private boolean measure(Server server, Key key, int round, Map<Key, Measurement> found)
      throws Exception {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (boolean counted : new boolean[] {false, true}) {
      if (counted ? key.scenario().counts() : key.scenario().timed()) {
        Map<String, Double> some = lap(server, key, round, counted);
        if (some == null) {
          return false;
        }
        figures.putAll(some);
      }
    }
    found
        .computeIfAbsent(
            key,
            k ->
                new Measurement(
                    k.scenario().name(),
                    k.variant(),
                    k.peer().name(),
                    k.peer().version(),
                    new ArrayList<>()))
        .rounds()
        .add(figures);
    return true;
  }

  private @Nullable Map<String, Double> lap(Server server, Key key, int round, boolean counted)
      throws Exception {
    try (Server.Fresh database = server.fresh()) {
      Lap lap =
          new Lap(
              key.scenario().name(),
              key.variant(),
              key.peer().name(),
              database.url(),
              server.process(),
              scale,
              counted);
      Path recording = profiled && !counted ? out.resolve("lap.jfr") : null;
      long minutes = key.scenario().name().equals(LONG) ? LONG_MINUTES : LAP_MINUTES;
      Map<String, Double> figures = lap.fork(out, minutes, recording);
      if (recording != null && Files.exists(recording)) {
        Flames.draw(recording, lap.title(), out.resolve("flame " + lap.title() + ".html"));
        Files.delete(recording);
      }
      print("round %d of %d: %s: %s".formatted(round, rounds, lap.title(), figures));
      return figures;
    }
  }

  private void show(Map<String, String> machine, Map<Key, Measurement> found) throws Exception {
    Report report = new Report(machine, List.copyOf(found.values()));
    report.write(out.resolve("report.json"));
    String tables = Tables.of(report);
    Files.writeString(out.resolve("report.md"), tables);
    Charts.draw(report, out);
    print(tables);
  }

  private static Map<String, String> machine(Server server) throws Exception {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    machine.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("PostgreSQL", server.settings().toString());
    return machine;
  }

  private void print(String line) {
    PrintWriter lines = Objects.requireNonNull(spec).commandLine().getOut();
    lines.println(line);
    lines.flush();
  }

  /** The command. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Speed())
            .setExecutionExceptionHandler(
                (e, line, parsed) -> {
                  if (e instanceof IllegalArgumentException) {
                    line.getErr().println(e.getMessage());
                    return CommandLine.ExitCode.USAGE;
                  }
                  throw e;
                })
            .execute(args));
  }
}
