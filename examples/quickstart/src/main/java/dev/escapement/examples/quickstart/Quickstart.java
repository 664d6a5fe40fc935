package dev.escapement.examples.quickstart;

import dev.escapement.EscapementException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
            + " middle of a job, and proves that each trigger was fired by exactly one.")
final class Quickstart implements Callable<Integer> {

  private static final int FEWEST_REPLICAS = 2;
  private static final int MOST_REPLICAS = 20;
  private static final int SHORTEST_SECONDS = 5;
  private static final int LONGEST_SECONDS = 600;

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
      description = "How long, 5 to 600; longer if jobs are still to be done.")
  private int seconds = 20;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description =
          "Use this PostgreSQL, like jdbc:postgresql://localhost/test?user=me&password=secret,"
              + " instead of an embedded H2. All happens in a new schema that is dropped at the"
              + " end.")
  private @Nullable String postgres;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "Take the places from this file instead of the one that is shipped. Its header: "
              + Input.HEADER)
  private @Nullable Path input;

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
    between(FEWEST_REPLICAS, replicas, MOST_REPLICAS, "--replicas");
    between(SHORTEST_SECONDS, seconds, LONGEST_SECONDS, "--seconds");
    if (postgres != null && !postgres.startsWith("jdbc:postgresql:")) {
      throw new UsageException("--postgres takes a JDBC URL that begins with jdbc:postgresql:");
    }
    List<Place> places = input == null ? Input.shipped() : Input.read(input);
    Demo.Script script = new Demo.Script(replicas, Duration.ofSeconds(seconds), places);
    try (Database database = postgres == null ? Database.embedded() : Database.postgres(postgres);
        Supervisor supervisor = new Supervisor(database.address())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> abandon(supervisor, database)));
      return play(script, database, supervisor);
    }
  }

  private static int play(Demo.Script script, Database database, Supervisor supervisor)
      throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println("Escapement quickstart, over " + database);
    Evidence evidence = Demo.play(script, database.address(), supervisor, new Console(out));
    Verdict verdict = Verdict.on(evidence);
    new Report(out, evidence).print(verdict);
    return verdict.holds() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Ctrl-C: neither a process nor a schema stays behind. */
  private static void abandon(Supervisor supervisor, Database database) {
    try (database) {
      supervisor.stop();
    } catch (InterruptedException | SQLException e) {
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
