package dev.escapement.examples.spring.story;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line. Ends with 0 if every promise was kept, 1 if one wasn't or something broke, 2 if
 * the options are wrong or the database that they name can't be reached.
 */
@Command(
    name = "spring-boot",
    description =
        "Two instances of a Spring Boot application share a database: one fires each time, an"
            + " order is refused with its job, a mail server is down; then each promise is held"
            + " against what was seen.")
final class Story implements Callable<Integer> {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this, and end.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description =
          "Use this PostgreSQL, like jdbc:postgresql://localhost/test?user=me&password=secret,"
              + " instead of an embedded H2. All happens in a new schema that is dropped at the"
              + " end.")
  private @Nullable String postgres;

  private Story() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new Story())
        .setParameterExceptionHandler((e, line) -> complain(e, CommandLine.ExitCode.USAGE))
        .setExecutionExceptionHandler((e, line, parsed) -> explain(e))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    try (Database database = database();
        Instances instances = new Instances(database)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> abandon(instances, database)));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.println("Escapement and Spring Boot, over " + database);
      Client first = instances.start("shop-1");
      out.println(first);
      Client second = instances.start("shop-2");
      out.println(second);
      Evidence evidence = new Play(first, second, out).play();
      return report(new Promises(evidence).check(), out)
          ? CommandLine.ExitCode.OK
          : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Database database() throws SQLException {
    if (postgres == null) {
      return Database.embedded();
    }
    if (!postgres.startsWith("jdbc:postgresql:")) {
      throw refused("--postgres takes a JDBC URL that begins with jdbc:postgresql:");
    }
    try {
      return Database.postgres(postgres);
    } catch (SQLException e) {
      throw refused("--postgres names a database that can't be used: " + e.getMessage());
    }
  }

  private CommandLine.ParameterException refused(String why) {
    return new CommandLine.ParameterException(new CommandLine(this), why);
  }

  /** Whether every promise was kept. */
  private static boolean report(List<Promises.Check> checks, PrintStream out) {
    out.println();
    for (Promises.Check check : checks) {
      out.println((check.holds() ? "  ok     " : "  BROKEN ") + check.promise());
      if (!check.holds()) {
        out.println("         expected " + check.expected() + ", found " + check.found());
      }
    }
    boolean kept = checks.stream().allMatch(Promises.Check::holds);
    out.println("\nVerdict: " + (kept ? "every promise was kept." : "a promise was broken."));
    return kept;
  }

  /** Ctrl-C: neither a process nor a schema stays behind. */
  private static void abandon(Instances instances, Database database) {
    try (database) {
      instances.close();
    } catch (SQLException e) {
      System.err.println("spring-boot: couldn't clean up: " + e.getMessage());
    }
  }

  private static int explain(Exception e) throws Exception {
    if (e instanceof TimeoutException || e instanceof SQLException || e instanceof IOException) {
      return complain(e, CommandLine.ExitCode.SOFTWARE);
    }
    throw e;
  }

  private static int complain(Exception e, int code) {
    System.err.println("spring-boot: " + e.getMessage() + "\nIts options: --help");
    return code;
  }
}
