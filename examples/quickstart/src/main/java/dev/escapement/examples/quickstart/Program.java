package dev.escapement.examples.quickstart;

import dev.escapement.SchedulerClient;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Which jobs a replica has; it is told in its environment. */
enum Program {
  /** Those that compute sunrises. */
  SUN {
    @Override
    Object jobs(Journal journal, SchedulerClient client, PrintStream out) {
      return new Jobs(journal);
    }
  },
  /** Those of a crontab; a line is run by saying its command. */
  SAY_LINES {
    @Override
    Object jobs(Journal journal, SchedulerClient client, PrintStream out) {
      return new CrontabJobs(journal, client, Line::toString);
    }
  },
  /** Those of a crontab; a line is run by the shell. */
  EXECUTE_LINES {
    @Override
    Object jobs(Journal journal, SchedulerClient client, PrintStream out) {
      return new CrontabJobs(journal, client, new Shell(out));
    }
  };

  /** Nobody is killed there, so a slow machine must not look like a death. */
  private static final Duration CALM_LEASE = Duration.ofSeconds(20);

  private static final String VARIABLE = "QUICKSTART_PROGRAM";

  static Program of(Map<String, String> environment) {
    return valueOf(Objects.requireNonNull(environment.get(VARIABLE), VARIABLE));
  }

  void putInto(Map<String, String> environment) {
    environment.put(VARIABLE, name());
  }

  /** How long a replica is trusted that is silent. */
  Duration lease() {
    return this == SUN ? Replica.LEASE : CALM_LEASE;
  }

  /** The jobs of one replica. */
  abstract Object jobs(Journal journal, SchedulerClient client, PrintStream out);
}
