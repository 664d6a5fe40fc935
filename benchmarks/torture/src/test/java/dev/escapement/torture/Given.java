package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the runs here have in common: a seed, quick replicas, a place for what they leave. */
final class Given {

  /** What all choices are drawn from; {@code -Dtorture.seed=...} repeats a run. */
  static final long SEED = seed();

  /** Far below the defaults, so that much happens in a minute. */
  static final ReplicaSettings QUICK =
      ReplicaSettings.standard(Duration.ofSeconds(2), Duration.ofMillis(500));

  static final ReplicaSettings DEFAULT =
      ReplicaSettings.standard(Duration.ofSeconds(20), Duration.ofSeconds(5));

  /** Triggers a second: what keeps three replicas busy for a third of the time. */
  static final int RATE = 20;

  private static final Path FOLDER = Path.of("target", "torture");
  private static final Path TABLE = FOLDER.resolve("figures.md");

  private static final String HEAD =
      """
      | what | strikes | processes | claims | lost | released | refused ends | longest takeover \
      | due to claim, p99 | balances |
      |---|---|---|---|---|---|---|---|---|---|
      """;

  private Given() {}

  private static long seed() {
    String given = System.getProperty("torture.seed", "");
    return given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
  }

  /** A run over a new PostgreSQL. */
  static Report onPostgres(String name, Torture.Plan plan) throws Exception {
    try (DatabaseServer database = new PostgresDatabase(Map.of())) {
      return run(name, plan, database);
    }
  }

  /** A run that must balance; what it has shown is printed, and noted in a table. */
  static Report run(String name, Torture.Plan plan, DatabaseServer database) throws Exception {
    String folder = name.replaceAll("[^A-Za-z0-9]+", "-");
    System.out.println(name + ": seed " + plan.seed());
    Report report = new Torture(plan, database, FOLDER.resolve(folder)).run();
    System.out.println(name + ": " + report);
    note(report.row(name));
    // Books with nothing in them balance too.
    assertThat(report.figures().runsOfJobs().keySet()).containsAll(Jobs.ALWAYS);
    assertThat(report.balances()).as("%s: %s", name, report).isTrue();
    return report;
  }

  private static void note(String row) throws IOException {
    if (!Files.exists(TABLE)) {
      Files.writeString(TABLE, HEAD);
    }
    Files.writeString(TABLE, row + "\n", StandardOpenOption.APPEND);
  }

  /**
   * One fault after the other. Between them there is time to notice a death and to take over: where
   * nobody lives for a lease, nobody can tell who is dead.
   */
  static Torture.Plan plan(Duration length, List<Fault> faults, ReplicaSettings settings) {
    Duration rest = settings.lease().multipliedBy(2);
    return new Torture.Plan(SEED, length, 1, rest, faults, settings, RATE);
  }

  /** What a replica has logged. */
  static String log(Member member) {
    try {
      return Files.readString(member.log());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
