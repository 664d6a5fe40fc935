package dev.escapement.examples.quickstart;

import dev.escapement.EscapementException;
import io.lettuce.core.RedisException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line. Ends with 0 if the scheduler kept every promise, 1 if it didn't or something
 * broke, 2 if the options or the input file are wrong.
 */
@Command(
    name = "quickstart",
    showDefaultValues = true,
    description =
        "Runs several replicas of one application over one database, kills one of them in the"
            + " middle of a job, and proves that each trigger was fired by exactly one. Or, with"
            + " --crontab, has them run the lines of a crontab.")
final class Quickstart implements Callable<Integer> {

  private static final int FEWEST_REPLICAS = 2;
  private static final int MOST_REPLICAS = 20;
  private static final int SHORTEST_SECONDS = 5;
  private static final int LONGEST_SECONDS = 600;
  private static final Duration STANDARD_LENGTH = Duration.ofSeconds(20);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this, and end.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Option(names = "--replicas", paramLabel = "N", description = "How many replicas, 2 to 20.")
  private int replicas = 3;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "How long, 5 to 600; longer if jobs are still to be done. Default: 20; with --crontab"
              + " until 5 seconds after the next full minute, and 20 at least.")
  private @Nullable Integer seconds;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description =
          "Use this PostgreSQL, like jdbc:postgresql://localhost/test?user=me&password=secret,"
              + " instead of an embedded H2. All happens in a new schema that is dropped at the"
              + " end.")
  private @Nullable String postgres;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "Keep the scheduler's state in this Redis, like redis://localhost:6379 or"
              + " rediss://me:secret@host:6380, under a new prefix whose keys are deleted at the"
              + " end. What the jobs note of their runs goes into an embedded H2.")
  private @Nullable String redis;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "Take the places from this file instead of the one that is shipped. Its header: "
              + Input.HEADER)
  private @Nullable Path input;

  @Option(
      names = "--crontab",
      paramLabel = "FILE",
      description =
          "Make each line of this crontab a recurring trigger, and run what falls into the time. A"
              + " line is run by printing its command; nothing is executed. It is a user's crontab:"
              + " five fields or a macro, then the command. CRON_TZ says the time zone of the lines"
              + " below it; without one it is UTC.")
  private @Nullable Path crontab;

  @Option(
      names = "--execute",
      description =
          "With --crontab: execute the commands, each by /bin/sh -c or the shell that the crontab's"
              + " SHELL names, and show their output and exit code. They can do whatever you can.")
  private boolean execute;

  private Quickstart() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new Quickstart())
        .setParameterExceptionHandler(Quickstart::refuse)
        .setExecutionExceptionHandler(Quickstart::explain)
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    Play play = play();
    try (Database database = database();
        Supervisor supervisor = new Supervisor(database.address(), play.program())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> abandon(supervisor, database)));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.println("Escapement quickstart, over " + database);
      Verdict verdict = play.perform(database.address(), supervisor, out);
      return verdict.holds() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Database database() throws SQLException {
    if (postgres != null) {
      return Database.postgres(postgres);
    }
    return redis == null ? Database.embedded() : Database.redis(redis);
  }

  /** What the options say. Nothing has begun before all of them are found to be right. */
  private Play play() throws InputException {
    between(FEWEST_REPLICAS, replicas, MOST_REPLICAS, "--replicas");
    if (seconds != null) {
      between(SHORTEST_SECONDS, seconds, LONGEST_SECONDS, "--seconds");
    }
    if (postgres != null && !postgres.startsWith("jdbc:postgresql:")) {
      throw new UsageException("--postgres takes a JDBC URL that begins with jdbc:postgresql:");
    }
    if (redis != null && !RedisAddress.isUrl(redis)) {
      throw new UsageException(
          "--redis takes a URL like redis://host:6379, rediss://user:password@host:6380 or"
              + " redis-sentinel://host1,host2#name");
    }
    if (redis != null && postgres != null) {
      throw new UsageException("--redis and --postgres don't go together; leave one away.");
    }
    Optional<Duration> length = Optional.ofNullable(seconds).map(Duration::ofSeconds);
    if (crontab != null) {
      if (input != null) {
        throw new UsageException("--input and --crontab don't go together; leave one away.");
      }
      return new CrontabDemo.Script(replicas, length, execute, CrontabReader.read(crontab));
    }
    if (execute) {
      throw new UsageException("--execute goes only with --crontab.");
    }
    List<Place> places = input == null ? Input.shipped() : Input.read(input);
    return new Demo.Script(replicas, length.orElse(STANDARD_LENGTH), places);
  }

  /** Ctrl-C: neither a process nor a schema stays behind. */
  private static void abandon(Supervisor supervisor, Database database) {
    try (database) {
      supervisor.stop();
    } catch (InterruptedException | SQLException | RedisException e) {
      System.err.println("quickstart: couldn't clean up: " + e.getMessage());
    }
  }

  private static void between(int least, int value, int most, String option) {
    if (value < least || value > most) {
      throw new UsageException(
          option + " can't be " + value + "; make it " + least + " to " + most + ".");
    }
  }

  /** Options that can't be. */
  private static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  private static int refuse(CommandLine.ParameterException e, String[] args) {
    return complain(e, CommandLine.ExitCode.USAGE);
  }

  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof UsageException || e instanceof InputException) {
      return complain(e, CommandLine.ExitCode.USAGE);
    }
    if (e instanceof DemoException
        || e instanceof SQLException
        || e instanceof RedisException
        || e instanceof EscapementException) {
      return complain(e, CommandLine.ExitCode.SOFTWARE);
    }
    throw e;
  }

  private static int complain(Exception e, int code) {
    System.err.println("quickstart: " + e.getMessage() + "\nIts options: --help");
    return code;
  }
}
