package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerStatus;
import dev.escapement.store.MemoryStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica's jobs on a store whose clock is turned to the next minute. */
@Timeout(60)
class CrontabJobsTest {

  private static final Instant BEFORE = Instant.parse("2026-11-21T11:59:50Z");
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String CRONTAB =
      """
      * * * * * echo "every minute"
      CRON_TZ=Europe/Zurich
      30 2 * * * backup
      """;

  private final AtomicReference<Instant> clock = new AtomicReference<>(BEFORE);
  private final MemoryStore store = new MemoryStore(clock::get);
  private final SchedulerClient client = SchedulerClient.of(store);
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

  @Test
  void makesEachLineATriggerAndRunsWhatIsDue() throws Exception {
    Ledger ledger = ledger();
    try (Scheduler scheduler = scheduler(ledger, line -> line.toString())) {
      scheduler.enqueue(CrontabJobs.LOAD, new CrontabJobs.Text("crontab", CRONTAB));
      Run load = ledger.find(ended().run());
      TriggerStatus backup = client.triggers().find("run-line", "line-3").orElseThrow();

      clock.set(NOON);
      Run run = ledger.find(ended().run());

      assertThat(load.result()).isEqualTo("2 new recurring triggers");
      assertThat(backup.schedule()).contains("cron unix: 30 2 * * *; zone Europe/Zurich");
      assertThat(backup.due()).contains(Instant.parse("2026-11-22T01:30:00Z"));
      assertThat(run.result()).isEqualTo("line 1: echo \"every minute\"");
      assertThat(run.fireTime()).isEqualTo(NOON);
    }
    assertThat(ledger.all()).hasSize(2);
  }

  @Test
  void makesNothingTwice() throws Exception {
    Ledger ledger = ledger();
    try (Scheduler scheduler = scheduler(ledger, line -> line.toString())) {
      CrontabJobs.Text text = new CrontabJobs.Text("crontab", CRONTAB);
      scheduler.enqueue(CrontabJobs.LOAD, text);
      ended();
      scheduler.enqueue(CrontabJobs.LOAD, text);

      assertThat(ledger.find(ended().run()).result()).isEqualTo("0 new recurring triggers");
    }
  }

  @Test
  void doesNotTryAgainWhatFailed() throws Exception {
    Ledger ledger = ledger();
    CrontabJobs.Runner fails =
        line -> {
          throw new IllegalStateException("no " + line);
        };
    Optional<TriggerStatus> trigger;
    try (Scheduler scheduler = scheduler(ledger, fails)) {
      scheduler.enqueue(CrontabJobs.LOAD, new CrontabJobs.Text("crontab", "@hourly backup\n"));
      ended();
      clock.set(NOON);

      assertThat(ledger.find(ended().run()).failure())
          .isEqualTo("IllegalStateException: no backup");
    }
    trigger = client.triggers().find("run-line", "line-1");
    assertThat(trigger.flatMap(TriggerStatus::fireTime)).contains(NOON.plus(Duration.ofHours(1)));
  }

  private Scheduler scheduler(Ledger ledger, CrontabJobs.Runner runner) {
    Journal journal = new Journal("r1", ledger, messages::add);
    return Scheduler.builder()
        .store(store)
        .annotated(new CrontabJobs(journal, client, runner))
        .pollInterval(Duration.ofMillis(100))
        .start();
  }

  /** Waits for the end of a run. */
  private Message ended() throws InterruptedException {
    Message message = messages.poll(30, TimeUnit.SECONDS);
    while (message != null && message.kind() != Message.Kind.ENDED) {
      message = messages.poll(30, TimeUnit.SECONDS);
    }
    assertThat(message).isNotNull();
    return message == null ? Message.of(Message.Kind.GONE) : message;
  }

  private Ledger ledger() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Ledger ledger = new Ledger(h2, store);
    ledger.create();
    return ledger;
  }
}
