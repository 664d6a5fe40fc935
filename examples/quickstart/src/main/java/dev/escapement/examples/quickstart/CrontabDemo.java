package dev.escapement.examples.quickstart;

import com.zaxxer.hikari.HikariDataSource;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import dev.escapement.store.Store;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The play of the crontab: starts the replicas, enqueues the job that makes each line a recurring
 * trigger, watches, and gathers the evidence. This process runs no job itself. Played once.
 */
final class CrontabDemo {

  private static final int CONNECTIONS = 2;
  private static final Duration LOADING = Duration.ofSeconds(30);

  /** How much longer than agreed it may take until each fire has run. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration STEP = Duration.ofMillis(50);

  private final Supervisor supervisor;
  private final Ledger ledger;
  private final Store store;
  private final PrintStream out;
  private final Console console;

  private CrontabDemo(Supervisor supervisor, Ledger ledger, Store store, PrintStream out) {
    this.supervisor = supervisor;
    this.ledger = ledger;
    this.store = store;
    this.out = out;
    this.console = new Console(out);
  }

  /**
   * What is played.
   *
   * @param replicas how many
   * @param length how long; empty for until shortly after the next full minute
   * @param execute whether the commands are run, and not only said
   */
  record Script(int replicas, Optional<Duration> length, boolean execute, Crontab crontab)
      implements Play {

    @Override
    public Program program() {
      return execute ? Program.EXECUTE_LINES : Program.SAY_LINES;
    }

    @Override
    public Verdict perform(Address database, Supervisor supervisor, PrintStream out)
        throws DemoException, IOException, InterruptedException, SQLException {
      CrontabEvidence evidence;
      try (HikariDataSource pool = database.connect(CONNECTIONS);
          Store store = database.store(pool)) {
        store.open();
        Ledger ledger = new Ledger(pool, store);
        ledger.create();
        evidence = new CrontabDemo(supervisor, ledger, store, out).play(this);
      }
      new CrontabPrinter(out).fires(evidence);
      Verdict verdict = CrontabPromises.judge(evidence);
      Report.print(out, verdict);
      return verdict;
    }
  }

  private CrontabEvidence play(Script script)
      throws DemoException, IOException, InterruptedException, SQLException {
    new CrontabPrinter(out).lines(script.crontab(), ledger.now());
    Stage stage = new Stage(supervisor, console);
    stage.start(script.replicas());
    Instant loaded = load(script.crontab());
    Map<TriggerId, CrontabLine> triggers = triggers(script.crontab());
    Duration length = script.length().orElse(CrontabWindow.length(loaded));
    console.say("Watching for %d seconds", length.toSeconds());
    watch(length);
    CrontabWindow window = new CrontabWindow(loaded, ledger.now());
    waitForTheLast(script.crontab(), triggers, window);
    stage.stop();
    return new CrontabEvidence(
        script.crontab(), triggers, ledger.all(), Archive.of(store.history()), window);
  }

  /** Has a replica make the triggers; returns when that was done, by the store's clock. */
  private Instant load(Crontab crontab) throws DemoException, InterruptedException, SQLException {
    CrontabJobs.Text text = new CrontabJobs.Text(crontab.file(), crontab.text());
    TriggerId id = SchedulerClient.of(store).enqueue(CrontabJobs.LOAD, text).id();
    console.say("Enqueued one job that makes each line a recurring trigger%n");
    console.header();
    long deadline = System.nanoTime() + LOADING.toNanos();
    while (!ledger.done().contains(id)) {
      if (System.nanoTime() - deadline > 0) {
        throw new DemoException("The lines weren't made triggers; what stands above says why.");
      }
      follow();
    }
    return ledger.now();
  }

  private Map<TriggerId, CrontabLine> triggers(Crontab crontab) {
    SchedulerClient client = SchedulerClient.of(store);
    Map<TriggerId, CrontabLine> triggers = new HashMap<>();
    for (CrontabLine line : crontab.lines()) {
      client
          .triggers()
          .find(CrontabJobs.RUN_LINE.name(), line.line().key())
          .ifPresent(trigger -> triggers.put(trigger.id(), line));
    }
    return triggers;
  }

  private void watch(Duration length) throws DemoException, InterruptedException, SQLException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < length.toNanos()) {
      follow();
    }
  }

  /** A fire of the window's last moments may not have run yet. */
  private void waitForTheLast(
      Crontab crontab, Map<TriggerId, CrontabLine> triggers, CrontabWindow window)
      throws DemoException, InterruptedException, SQLException {
    long start = System.nanoTime();
    while (isOpen(crontab, triggers, window) && System.nanoTime() - start < PATIENCE.toNanos()) {
      follow();
    }
  }

  private boolean isOpen(
      Crontab crontab, Map<TriggerId, CrontabLine> triggers, CrontabWindow window)
      throws SQLException {
    CrontabEvidence sofar =
        new CrontabEvidence(crontab, triggers, ledger.all(), Archive.of(store.history()), window);
    return sofar.fires().stream()
            .anyMatch(fire -> sofar.runsOf(fire).isEmpty() && !sofar.cameDuringARun(fire))
        || sofar.lineRuns().stream().anyMatch(run -> run.endedAt() == null);
  }

  private void follow() throws DemoException, InterruptedException, SQLException {
    Optional<Supervisor.Event> event = supervisor.next(STEP);
    if (event.isPresent()) {
      Message message = event.get().message();
      switch (message.kind()) {
        case ENDED -> console.ended(ledger.find(message.run()));
        case GONE -> throw Stage.gone(event.get().replica());
        case BEGUN, READY -> {}
      }
    }
  }
}
