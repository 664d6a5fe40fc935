package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Explanation;
import dev.escapement.IllegalTransitionException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.Scheduler;
import dev.escapement.TriggerId;
import dev.escapement.TriggerOperations;
import dev.escapement.docs.GuideTest.Row;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Holds the tables of the guide to a job's life to what a node does. */
@Timeout(60)
class LifeTablesTest {

  private static final JobType<String> TEXT = JobType.of("text", String.class);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Schedule YEARLY = Schedules.parse("cron: 0 2 29 2 *");

  private final Store store = new MemoryStore();
  private final CountDownLatch release = new CountDownLatch(1);
  private Scheduler scheduler;
  private int keys;

  @BeforeEach
  void start() {
    scheduler =
        Scheduler.builder()
            .store(store)
            .pollInterval(Duration.ofMillis(20))
            .stopGrace(Duration.ofSeconds(1))
            .workers(100)
            .jobs(Job.of(TEXT, (text, context) -> release.await()))
            .start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    scheduler.close();
  }

  /** A key whose trigger is as the heading of a column says. */
  private String key(String column) throws InterruptedException {
    String key = "key " + keys++;
    switch (column.replaceFirst(".*\\bone (?:that )?", "")) {
      case "waits" -> waiting(key);
      case "is paused" -> scheduler.triggers().pause(waiting(key));
      case "runs" -> running(key);
      case "recurs" -> scheduler.recurring(TEXT.with("x").key(key), YEARLY);
      default -> throw new IllegalArgumentException(column);
    }
    return key;
  }

  private TriggerId waiting(String key) {
    return scheduler.submit(TEXT.with("x").key(key).after(HOUR)).id();
  }

  private void running(String key) {
    TriggerId id = scheduler.submit(TEXT.with("x").key(key)).id();
    while (scheduler.triggers().find(id).orElseThrow().claimedAt().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @TestFactory
  Stream<DynamicTest> aTakenKeyIsAnsweredAsItsCellSays() {
    return GuideTest.rows("keys.md", "a request that says").stream()
        .flatMap(
            row ->
                cells(
                    row,
                    key -> {
                      OnConflict choice = OnConflict.valueOf(row.code("a request that says"));
                      return scheduler
                          .submit(TEXT.with("y").key(key).after(HOUR).onConflict(choice))
                          .result()
                          .name();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aWishIsAnsweredAsItsCellSays() {
    return GuideTest.rows("control.md", "asked").stream()
        .flatMap(row -> cells(row, key -> asked(row.code("asked"), key)));
  }

  private String asked(String wish, String key) {
    TriggerOperations triggers = scheduler.triggers();
    TriggerId id = triggers.find("text", key).orElseThrow().id();
    return switch (wish) {
      case "cancel" -> triggers.cancel(id).name();
      case "pause" -> triggers.pause(id).name();
      case "resume" -> triggers.resume(id).name();
      case "runNow" -> triggers.runNow(id).name();
      case "reschedule" -> triggers.reschedule(id, HOUR).name();
      default -> throw new IllegalArgumentException(wish);
    };
  }

  /** What is done about a trigger, given its key. */
  @FunctionalInterface
  private interface Deed {
    String answer(String key);
  }

  private Stream<DynamicTest> cells(Row row, Deed deed) {
    return row.header().stream()
        .skip(1)
        .map(
            column ->
                DynamicTest.dynamicTest(
                    row.cells().get(0) + " " + column,
                    () -> {
                      String key = key(column);
                      assertThat(answer(() -> deed.answer(key))).isEqualTo(row.code(column));
                    }));
  }

  private static String answer(Callable<String> deed) throws Exception {
    try {
      return deed.call();
    } catch (DuplicateKeyException | IllegalTransitionException e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void tellsOfEachOutcome() {
    assertThat(codes("retries.md", "outcome")).containsExactlyInAnyOrder(names(Outcome.values()));
  }

  @Test
  void tellsOfEachReason() {
    assertThat(codes("control.md", "reason"))
        .containsExactlyInAnyOrder(names(Explanation.Reason.values()));
  }

  @Test
  void tellsOfEachAnswerToATakenKey() {
    assertThat(codes("keys.md", "a request that says"))
        .containsExactlyInAnyOrder(names(OnConflict.values()));
    assertThat(codes("control.md", "asked")).hasSize(5);
  }

  private static List<String> codes(String page, String column) {
    return GuideTest.rows(page, column).stream().map(row -> row.code(column)).toList();
  }

  private static String[] names(Enum<?>[] values) {
    return Stream.of(values).map(Enum::name).toArray(String[]::new);
  }
}
