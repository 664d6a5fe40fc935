package dev.escapement.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.escapement.Enqueued;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The database is away for longer than a lease, and comes back. */
final class OutageTest {

  private static final String NODE = "through-an-outage";

  private static final Duration LEASE = Duration.ofSeconds(2);

  /** By all loops together. */
  private static final int FIRST_TRIES = 40;

  private static final int LATER_TRIES = 30;

  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();

  private DataSource source(TestDatabase database) {
    return Wrapped.source(
        () -> {
          if (down.get()) {
            refused.incrementAndGet();
            throw new SQLException("Connection refused", "08001");
          }
          return database.source().getConnection();
        });
  }

  private void awaitTries(int count) {
    long deadline = System.nanoTime() + SECONDS.toNanos(60);
    while (refused.get() < count) {
      assertThat(System.nanoTime() - deadline).as("they try").isNegative();
      LockSupport.parkNanos(MILLISECONDS.toNanos(5));
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.contains(NODE) && !name.contains("worker"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void isRiddenOutInSilenceAndWhatRanDuringItIsWritten(TestDatabase.Kind kind) throws Exception {
    JobType<String> type = JobType.of("work", String.class);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Job<String> job =
        Job.of(
            type,
            (text, context) -> {
              if (text.equals("long")) {
                started.countDown();
                finish.await();
              }
            });
    try (TestDatabase database = kind.open();
        Log log = new Log();
        Scheduler node =
            Scheduler.builder()
                .store(database.store(source(database)).build())
                .nodeName(NODE)
                .heartbeat(Duration.ofMillis(300))
                .lease(LEASE)
                .pollInterval(Duration.ofMillis(200))
                .jobs(job)
                .start()) {
      Enqueued running = node.enqueue(type, "long");
      Enqueued waiting = node.submit(type.with("short").after(Duration.ofSeconds(3)));
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
      Set<String> before = threads();
      int lines = log.count();
      down.set(true);
      finish.countDown();
      long began = System.nanoTime();
      awaitTries(FIRST_TRIES);
      long since = System.nanoTime();
      awaitTries(FIRST_TRIES + LATER_TRIES);
      assertThat(Duration.ofNanos(System.nanoTime() - since))
          .as("by then they wait long")
          .isGreaterThan(Duration.ofMillis(1500));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(LEASE);
      assertThat(threads()).containsAll(before);
      down.set(false);
      long back = System.nanoTime();

      assertThat(node.await(waiting.id(), Duration.ofSeconds(30)).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
      assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(8));
      assertThat(node.await(running.id(), Duration.ofSeconds(30)).outcome())
          .isEqualTo(Outcome.SUCCEEDED);
      assertThat(node.executions().of(running.id())).hasSize(1);
      assertThat(log.count() - lines).as("lines of log").isLessThan(25);
    }
  }

  /** Warnings and errors of the library. */
  private static final class Log implements AutoCloseable {

    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.escapement");
    private final AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
              events.add(event);
            }
          }
        };

    Log() {
      appender.start();
      logger.addAppender(appender);
    }

    int count() {
      return events.size();
    }

    @Override
    public void close() {
      logger.detachAppender(appender);
    }
  }
}
