package dev.escapement.examples.quickstart;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.SchedulerClient;
import dev.escapement.store.Store;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The play: starts the replicas, enqueues the jobs, watches, kills the replica that runs the
 * almanac in the middle of it, and gathers the evidence. This process runs no job itself. Played
 * once.
 */
final class Demo {

  private static final int CONNECTIONS = 2;

  /** How much longer than agreed it may take until all jobs are done. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How many of the sun-times are shown, before {@link Jobs#PROGRESS} stands for all. */
  private static final int SUN_TIMES_SHOWN = 3;

  private static final Duration STEP = Duration.ofMillis(50);

  private final Supervisor supervisor;
  private final Ledger ledger;
  private final Store store;
  private final Console console;

  private @Nullable Run almanac;
  private @Nullable Kill kill;
  private long killAt;
  private int sunTimes;

  private Demo(Supervisor supervisor, Ledger ledger, Store store, Console console) {
    this.supervisor = supervisor;
    this.ledger = ledger;
    this.store = store;
    this.console = console;
  }

  /**
   * What is played.
   *
   * @param replicas how many
   * @param length how long
   * @param places the payloads
   */
  record Script(int replicas, Duration length, List<Place> places) implements Play {

    @Override
    public Program program() {
      return Program.SUN;
    }

    @Override
    public Verdict perform(Address database, Supervisor supervisor, PrintStream out)
        throws DemoException, IOException, InterruptedException, SQLException {
      Evidence evidence = play(this, database, supervisor, new Console(out));
      Verdict verdict = Verdict.on(evidence);
      new Report(out, evidence).print(verdict);
      return verdict;
    }
  }

  private static Evidence play(
      Script script, Address database, Supervisor supervisor, Console console)
      throws DemoException, IOException, InterruptedException, SQLException {
    try (HikariDataSource pool = database.connect(CONNECTIONS);
        Store store = database.store(pool)) {
      store.open();
      Ledger ledger = new Ledger(pool, store);
      ledger.create();
      return new Demo(supervisor, ledger, store, console).play(script);
    }
  }

  private Evidence play(Script script)
      throws DemoException, IOException, InterruptedException, SQLException {
    Stage stage = new Stage(supervisor, console);
    stage.start(script.replicas());
    Orders orders = enqueue(script);
    watch(orders, script.length());
    Instant end = ledger.now();
    stage.stop();
    return new Evidence(
        ledger.all(), Archive.of(store.history()), orders, Optional.ofNullable(kill), end);
  }

  private Orders enqueue(Script script) {
    Orders orders = Orders.enqueue(SchedulerClient.of(store), script.places(), script.length());
    console.say(
        "Enqueued %d sun-times, %d of them due at once, one flaky job and one almanac%n",
        orders.sunTimes(), orders.backlog().size());
    console.header();
    return orders;
  }

  /** Until the time is over and all jobs are done, or patience ends. */
  private void watch(Orders orders, Duration length)
      throws DemoException, InterruptedException, SQLException {
    long start = System.nanoTime();
    Duration passed = Duration.ZERO;
    while (passed.compareTo(length) < 0 || !isOver(orders, passed.minus(length))) {
      Optional<Supervisor.Event> event = supervisor.next(STEP);
      if (event.isPresent()) {
        follow(event.get());
      }
      killInTheMiddleOfTheAlmanac();
      passed = Duration.ofNanos(System.nanoTime() - start);
    }
  }

  private boolean isOver(Orders orders, Duration overtime) throws SQLException {
    return overtime.compareTo(PATIENCE) >= 0
        || ledger.done().containsAll(orders.results().keySet());
  }

  private void follow(Supervisor.Event event) throws DemoException, SQLException {
    Message message = event.message();
    switch (message.kind()) {
      case BEGUN -> {
        if (message.job().equals(Jobs.ALMANAC.name())) {
          almanacBegun(ledger.find(message.run()));
        }
      }
      case ENDED -> {
        if (!message.job().equals(Jobs.SUN_TIMES.name()) || oneOfTheFirst()) {
          console.ended(ledger.find(message.run()));
        }
      }
      case GONE -> {
        if (kill == null || !kill.replica().equals(event.replica())) {
          throw Stage.gone(event.replica());
        }
      }
      case READY -> {}
    }
  }

  private void almanacBegun(Run run) {
    console.began(run);
    if (almanac == null) {
      almanac = run;
      killAt = System.nanoTime() + Jobs.ALMANAC_TAKES.dividedBy(2).toNanos();
    } else if (kill != null) {
      console.say(
          "TAKEOVER  %s begins the almanac anew, %s after the kill; its token is %d, after %d",
          run.replica(),
          Console.seconds(Duration.between(kill.at(), run.recordedAt())),
          run.token(),
          almanac.token());
    }
  }

  private boolean oneOfTheFirst() {
    sunTimes++;
    if (sunTimes == SUN_TIMES_SHOWN + 1) {
      console.say("(the other sun-times are counted by the job %s)", Jobs.PROGRESS);
    }
    return sunTimes <= SUN_TIMES_SHOWN;
  }

  private void killInTheMiddleOfTheAlmanac()
      throws DemoException, InterruptedException, SQLException {
    if (almanac != null && kill == null && System.nanoTime() - killAt >= 0) {
      if (ledger.find(almanac.id()).endedAt() != null) {
        throw new DemoException(
            "The almanac was over before its replica could be killed: this machine is too busy.");
      }
      supervisor.kill(almanac.replica());
      kill = new Kill(almanac.replica(), ledger.now());
      console.say(
          "KILLED    %s, in the middle of the almanac, %s after it had begun",
          kill.replica(), Console.seconds(Duration.between(almanac.recordedAt(), kill.at())));
    }
  }
}
