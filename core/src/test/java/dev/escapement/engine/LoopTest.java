package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.escapement.store.TransientStoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoopTest {

  private static final long FAR = TimeUnit.HOURS.toNanos(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private record Turn(Thread thread, long at) {}

  /** Takes its turns from a list that tests write, then sleeps for an hour at a time. */
  private static final class Script extends Loop {
    final BlockingQueue<Callable<Long>> script = new LinkedBlockingQueue<>();
    final BlockingQueue<Turn> turns = new LinkedBlockingQueue<>();

    Script(Duration longestBackoff) {
      super("loop-under-test", longestBackoff);
    }

    @Override
    long turn() throws InterruptedException {
      turns.add(new Turn(Thread.currentThread(), System.nanoTime()));
      Callable<Long> action = script.poll();
      try {
        return action == null ? FAR : action.call();
      } catch (InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    Turn taken() throws InterruptedException {
      Turn turn = turns.poll(20, TimeUnit.SECONDS);
      assertThat(turn).as("a turn within 20 s").isNotNull();
      return turn;
    }
  }

  private final Script loop = new Script(Duration.ofMillis(100));
  private @Nullable LogProbe log;

  @AfterEach
  void end() {
    loop.stop(LONG);
    if (log != null) {
      log.close();
    }
  }

  private LogProbe probe() {
    LogProbe probe = LogProbe.of(Loop.class);
    log = probe;
    return probe;
  }

  private static Callable<Long> failing(Throwable failure) {
    return () -> {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    };
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).as("within 20 s").isTrue();
  }

  @SuppressWarnings("serial")
  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("no"),
        new TransientStoreException("down", null),
        new StackOverflowError(),
        new NoClassDefFoundError("for the test"),
        new InterruptedException(),
        new RuntimeException() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("even its message throws");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatATurnThrowsNeverEndsIt(Throwable failure) throws Exception {
    for (int i = 0; i < 3; i++) {
      loop.script.add(failing(failure));
    }
    loop.start();
    Turn first = loop.taken();
    for (int i = 0; i < 3; i++) {
      assertThat(loop.taken().thread()).isEqualTo(first.thread());
    }
  }

  @Test
  void aWakeUpDuringATurnIsNotLost() throws Exception {
    CountDownLatch inTurn = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    loop.script.add(
        () -> {
          inTurn.countDown();
          await(goOn);
          return FAR;
        });
    loop.start();
    await(inTurn);
    loop.wake();
    goOn.countDown();
    loop.taken();
    loop.taken();
  }

  @Test
  void aWakeUpBeforeTheFirstTurnAndWhileAsleep() throws Exception {
    loop.wake();
    loop.start();
    loop.taken();
    loop.taken();
    for (int i = 0; i < 100; i++) {
      loop.wake();
      loop.taken();
    }
  }

  @Test
  void theEarliestAlarmCountsAndIsNeverEarly() throws Exception {
    loop.start();
    loop.taken();
    long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(30);
    loop.wakeAt(soon + FAR);
    loop.wakeAt(soon);
    loop.wakeAt(soon + FAR);
    assertThat(loop.taken().at() - soon).isGreaterThanOrEqualTo(0);
  }

  @Test
  void anAlarmThatRangMakesRoomForALaterOne() throws Exception {
    loop.start();
    loop.taken();
    for (int i = 0; i < 5; i++) {
      long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
      loop.wakeAt(soon);
      assertThat(loop.taken().at() - soon).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void anAlarmSetDuringATurnRings() throws Exception {
    loop.script.add(
        () -> {
          loop.wakeAt(System.nanoTime());
          return FAR;
        });
    loop.start();
    loop.taken();
    loop.taken();
  }

  @Test
  void startingTwiceIsStartingOnce() throws Exception {
    loop.start();
    loop.start();
    Turn first = loop.taken();
    loop.wake();
    assertThat(loop.taken().thread()).isEqualTo(first.thread());
    assertThat(threads()).hasSize(1);
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("loop-under-test"))
        .toList();
  }

  @Test
  void stoppedIsForEver() throws Exception {
    loop.start();
    loop.taken();
    assertThat(loop.stop(LONG)).isTrue();
    assertThat(loop.stop(LONG)).isTrue();
    loop.start();
    loop.wake();
    assertThat(threads()).isEmpty();
    assertThat(loop.turns).isEmpty();
  }

  @Test
  void oneThatNeverStartedIsStoppedAtOnce() {
    assertThat(loop.stop(Duration.ZERO)).isTrue();
    loop.start();
    assertThat(threads()).isEmpty();
  }

  @Test
  void stopDoesNotWaitForLongerThanItsLimit() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    loop.script.add(
        () -> {
          await(goOn);
          return FAR;
        });
    loop.start();
    loop.taken();
    assertThat(loop.stop(Duration.ofMillis(20))).isFalse();
    goOn.countDown();
    assertThat(loop.stop(LONG)).isTrue();
    assertThat(loop.turns).isEmpty();
  }

  @Test
  void aTurnMayStopItsOwnLoop() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    loop.script.add(
        () -> {
          loop.stop(LONG);
          stopped.countDown();
          return Loop.AT_ONCE;
        });
    loop.start();
    await(stopped);
    assertThat(loop.stop(LONG)).isTrue();
    assertThat(loop.turns).hasSize(1);
  }

  @Test
  void anInterruptOfWhoStopsItIsKept() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    loop.script.add(
        () -> {
          await(goOn);
          return FAR;
        });
    loop.start();
    loop.taken();
    Thread.currentThread().interrupt();
    boolean ended = loop.stop(Duration.ofMillis(20));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).isFalse();
    goOn.countDown();
  }

  @Test
  void wakeUpsDoNotShortenTheWaitAfterAFailure() throws Exception {
    loop.script.add(failing(new IllegalStateException("no")));
    loop.start();
    Turn first = loop.taken();
    while (loop.turns.isEmpty()) {
      loop.wake();
      loop.wakeAt(System.nanoTime());
      Thread.onSpinWait();
    }
    assertThat(loop.taken().at() - first.at())
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(25));
  }

  @Test
  void anOutageIsLoggedOnceWhenItBeginsAndOnceWhenItEnds() throws Exception {
    LogProbe probe = probe();
    for (int i = 0; i < 5; i++) {
      loop.script.add(failing(new TransientStoreException("the network is down", null)));
    }
    CountDownLatch well = new CountDownLatch(1);
    loop.script.add(() -> Loop.AT_ONCE);
    loop.script.add(
        () -> {
          well.countDown();
          return FAR;
        });
    loop.start();
    await(well);

    List<ILoggingEvent> said = probe.from(Level.INFO);
    assertThat(said).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
    assertThat(said.get(0).getFormattedMessage()).contains("loop-under-test", "network is down");
    assertThat(said.get(0).getThrowableProxy()).isNotNull();
    assertThat(said.get(1).getFormattedMessage()).contains("works again, after 5 failures");
  }

  @Test
  void whatIsNotTheStoresFaultIsLoggedAsAnError() throws Exception {
    LogProbe probe = probe();
    loop.script.add(failing(new IllegalStateException("a fault of ours")));
    loop.start();
    loop.taken();
    loop.taken();
    assertThat(probe.from(Level.WARN))
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.ERROR);
  }
}
