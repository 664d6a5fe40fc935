package dev.escapement.examples.orders;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.EscapementException;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.jdbc.JdbcStore;
import dev.escapement.jdbc.SchemaPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
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
    name = "orders",
    description =
        "A shop takes orders, charges cards, books stock and exports, while payments fail, an order"
            + " is rolled back and a process is killed; then each promise is held against the"
            + " tables.")
final class Orders implements Callable<Integer> {

  private static final int WORKERS = 3;

  /** One for each worker, one for the scheduler, and two for the story and its look at things. */
  private static final int CONNECTIONS = WORKERS + 3;

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

  private Orders() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new Orders())
        .setParameterExceptionHandler((e, line) -> complain(e, CommandLine.ExitCode.USAGE))
        .setExecutionExceptionHandler((e, line, parsed) -> explain(e))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    try (Database database = database();
        Offices offices = new Offices(database)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> abandon(offices, database)));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.println("Escapement orders, over " + database);
      Facts facts = tell(database, offices, out);
      return report(judge(database, facts), out)
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

  /** Tells the story. The offices stay open. */
  static Facts tell(Database database, Offices offices, PrintStream out)
      throws InterruptedException, IOException, SQLException, TimeoutException {
    try (HikariDataSource pool = database.connect(CONNECTIONS);
        JdbcStore store = JdbcStore.builder(pool).migrate(SchemaPolicy.APPLY).build()) {
      store.open();
      try (Connection connection = pool.getConnection()) {
        Tables.create(connection);
      }
      for (String office : List.of("office-1", "office-2")) {
        out.println(office + " is process " + offices.open(office));
      }
      try (Scheduler scheduler =
          Office.quick(Scheduler.builder())
              .store(store)
              .annotated(new Shop(pool, new Provider()))
              .nodeName("shop")
              .workers(WORKERS)
              .start()) {
        Stage stage = new Stage(pool, scheduler, out);
        ShopStory shop = new ShopStory(stage);
        shop.place();
        return new Facts(
            shop.pay(), shop.ship(), shop.remind(), new ExportStory(stage, offices).play());
      }
    }
  }

  private static List<Promises.Check> judge(Database database, Facts facts) throws SQLException {
    try (HikariDataSource pool = database.connect(2);
        JdbcStore store = JdbcStore.of(pool);
        Connection connection = pool.getConnection()) {
      return Promises.check(connection, SchedulerClient.of(store), facts);
    }
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
  private static void abandon(Offices offices, Database database) {
    try (database) {
      offices.close();
    } catch (SQLException e) {
      System.err.println("orders: couldn't clean up: " + e.getMessage());
    }
  }

  private static int explain(Exception e) throws Exception {
    if (e instanceof TimeoutException
        || e instanceof SQLException
        || e instanceof EscapementException) {
      return complain(e, CommandLine.ExitCode.SOFTWARE);
    }
    throw e;
  }

  private static int complain(Exception e, int code) {
    System.err.println("orders: " + e.getMessage() + "\nIts options: --help");
    return code;
  }
}
