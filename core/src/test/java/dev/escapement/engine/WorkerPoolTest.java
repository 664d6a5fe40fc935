package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerPoolTest {

  private final HandClock clock = new HandClock();
  private final Session session = Given.session(clock);
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Run> ran = new ArrayList<>();

  private WorkerPool pool(int workers, Executor threads, Consumer<Run> body) {
    return new WorkerPool(Given.QUEUE, workers, threads, clock, body);
  }

  private WorkerPool pool(int workers) {
    return pool(workers, tasks::addLast, ran::add);
  }

  private List<Run> runs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Given.run(session, clock, TriggerKind.ONE_TIME, 1))
        .toList();
  }

  private void work() {
    for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
      task.run();
    }
  }

  @Test
  void neverMoreThanItsWorkersAtOnce() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(400);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      WorkerPool pool =
          pool(
              3,
              threads,
              run -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                now.decrementAndGet();
                all.countDown();
              });
      for (int i = 0; i < 100; i++) {
        pool.offer(runs(4));
      }
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(most.get()).isBetween(1, 3);
    } finally {
      threads.shutdown();
    }
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void asManyTasksAsThereIsWorkAndWorkers() {
    WorkerPool pool = pool(3);
    pool.offer(runs(2));
    assertThat(tasks).hasSize(2);
    pool.offer(runs(5));
    assertThat(tasks).hasSize(3);
    assertThat(pool.busy()).isEqualTo(3);
    assertThat(pool.buffered()).isEqualTo(7);
  }

  @Test
  void aWorkerTakesTheNextClaimItselfInTheOrderOfTheirComing() {
    WorkerPool pool = pool(1);
    List<Run> five = runs(5);
    pool.offer(five);
    assertThat(tasks).hasSize(1);
    work();
    assertThat(ran).isEqualTo(five);
    assertThat(pool.busy()).isZero();
  }

  @Test
  void anOutcomeThatIsNotWrittenYetCountsAgainstTheDemand() {
    WorkerPool pool = pool(4);
    assertThat(pool.demand()).isEqualTo(4);
    List<Run> three = runs(3);
    pool.offer(three);
    work();
    clock.pass(Duration.ofSeconds(1));
    assertThat(pool.busy()).isZero();
    assertThat(pool.demand()).isEqualTo(1);
    pool.settled(three.get(0));
    pool.settled(three.get(1));
    assertThat(pool.demand()).isEqualTo(3);
    pool.settled(three.get(2));
    assertThat(pool.demand()).isEqualTo(4);
  }

  @Test
  void anOutcomeThatWaitsForOthersCountsOnlyBeyondAsManyAsThereAreWorkers() {
    WorkerPool pool = pool(2);
    List<Run> three = runs(3);
    pool.offer(three);
    work();
    clock.pass(Duration.ofSeconds(1));
    assertThat(pool.demand()).isZero();
    assertThat(pool.delayed(three.get(0))).isTrue();
    assertThat(pool.delayed(three.get(0))).as("it gives its place up once").isFalse();
    assertThat(pool.delayed(three.get(1))).isTrue();
    assertThat(pool.delayed(three.get(2))).as("two are enough").isFalse();
    assertThat(pool.demand()).isEqualTo(1);

    pool.settled(three.get(0));
    assertThat(pool.demand()).as("its place is taken already").isEqualTo(1);
    assertThat(pool.delayed(three.get(2))).as("there is room for it now").isTrue();
    assertThat(pool.demand()).isEqualTo(2);
    pool.settled(three.get(1));
    pool.settled(three.get(2));
    assertThat(pool.demand()).isEqualTo(2);
  }

  @Test
  void aFastPoolAsksForItsPaceOnTopAndOnlyWhenHalfOfThatIsGone() {
    WorkerPool pool = pool(1);
    List<Run> ten = runs(10);
    pool.offer(ten);
    work();
    ten.forEach(pool::settled);
    assertThat(pool.demand()).isEqualTo(1 + 10);
    pool.offer(runs(6));
    assertThat(pool.demand()).as("one is as good as begun, five wait").isEqualTo(1 + 10 - 6);
    pool.offer(runs(1));
    assertThat(pool.demand()).isZero();
  }

  /** Else a second job, enqueued right after a first, would wait for a poll beside idle workers. */
  @Test
  void claimsThatWorkersAreAboutToTakeDoNotWait() {
    WorkerPool pool = pool(4);
    pool.offer(runs(1));
    assertThat(pool.demand()).isEqualTo(3);
    pool.offer(runs(2));
    assertThat(pool.demand()).isEqualTo(1);
    work();
    clock.pass(Duration.ofSeconds(1));
    assertThat(pool.demand()).isEqualTo(1);
  }

  /** Anything that {@code execute} may throw: refusals, a fault, a JVM at its end. */
  static List<Throwable> refusals() {
    return List.of(
        new RejectedExecutionException("full"),
        new IllegalStateException("a fault of the application's"),
        new InternalError("no thread could be made"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void anExecutorThatRefusesLeaksNoSlot(Throwable refusal) {
    AtomicInteger accepted = new AtomicInteger(1);
    WorkerPool pool =
        pool(
            4,
            task -> {
              if (accepted.getAndDecrement() <= 0) {
                if (refusal instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) refusal;
              }
              tasks.addLast(task);
            },
            ran::add);
    assertThat(pool.offer(runs(4))).isTrue();
    assertThat(pool.busy()).isEqualTo(1);
    assertThat(pool.buffered()).isEqualTo(4);
    accepted.set(100);
    pool.offer(List.of());
    assertThat(pool.busy()).isEqualTo(4);
    work();
    assertThat(ran).hasSize(4);
    assertThat(pool.busy()).isZero();
  }

  @Test
  void aBodyThatThrowsCostsNoWorker() {
    List<Run> three = runs(3);
    WorkerPool pool =
        pool(
            1,
            tasks::addLast,
            run -> {
              ran.add(run);
              if (run.equals(three.get(0))) {
                throw new StackOverflowError();
              }
            });
    pool.offer(three);
    work();
    assertThat(ran).isEqualTo(three);
    assertThat(pool.busy()).isZero();
  }

  @Test
  void nothingIsStartedInTheNameOfASessionThatIsNotTrusted() {
    WorkerPool pool = pool(2);
    pool.offer(runs(2));
    clock.pass(Duration.ofSeconds(18));
    work();
    assertThat(ran).isEmpty();
    assertThat(pool.busy()).isZero();
    assertThat(pool.buffered()).isEqualTo(2);

    session.beaten(clock.getAsLong());
    pool.offer(List.of());
    work();
    assertThat(ran).hasSize(2);
  }

  @Test
  void trustIsAskedForBeforeEachClaim() {
    WorkerPool pool =
        pool(
            1,
            tasks::addLast,
            run -> {
              ran.add(run);
              clock.pass(Duration.ofSeconds(10));
            });
    pool.offer(runs(5));
    work();
    assertThat(ran).hasSize(2);
    assertThat(pool.buffered()).isEqualTo(3);
  }

  @Test
  void whatWasAskedForLongAgoAndHasNotStartedCanBeTakenBack() {
    WorkerPool pool = pool(1);
    List<Run> old = runs(2);
    pool.offer(old);
    clock.pass(Duration.ofSeconds(5));
    List<Run> young = runs(2);
    pool.offer(young);

    assertThat(pool.takeUnstarted(clock.getAsLong())).isEqualTo(old);
    assertThat(pool.takeUnstarted(clock.getAsLong())).isEmpty();
    assertThat(pool.demand()).as("they count until they are settled").isZero();
    work();
    assertThat(ran).isEqualTo(young);
    assertThat(pool.demand()).isEqualTo(0);
    old.forEach(pool::settled);
    young.forEach(pool::settled);
    clock.pass(Duration.ofSeconds(1));
    assertThat(pool.demand()).isEqualTo(1);
  }

  @Test
  void aClosedPoolGivesAllBackAndTakesNothing() {
    WorkerPool pool = pool(1);
    List<Run> unstarted = runs(3);
    pool.offer(unstarted);
    assertThat(pool.close()).isEqualTo(unstarted);
    assertThat(pool.close()).isEmpty();
    assertThat(pool.demand()).isZero();
    assertThat(pool.offer(runs(1))).isFalse();
    work();
    assertThat(ran).isEmpty();
    assertThat(pool.busy()).isZero();
  }

  @Test
  void theWorkerOfAnAbandonedRunIsReplacedAndNotNeededWhenItReturns() {
    List<WorkerPool> itself = new ArrayList<>();
    List<Run> two = runs(2);
    WorkerPool pool =
        pool(
            1,
            tasks::addLast,
            run -> {
              ran.add(run);
              if (run == two.get(0)) {
                itself.get(0).abandoned(run);
                assertThat(itself.get(0).wedged()).isEqualTo(1);
                assertThat(tasks).as("another worker for what waits").hasSize(1);
                assertThat(itself.get(0).busy()).isEqualTo(1);
              }
            });
    itself.add(pool);
    pool.offer(two);
    tasks.removeFirst().run();
    assertThat(ran).as("the one that hung takes nothing more").containsExactly(two.get(0));
    assertThat(pool.wedged()).isZero();
    work();
    assertThat(ran).isEqualTo(two);
    assertThat(pool.busy()).isZero();
  }

  @Test
  void noMoreWorkersAreReplacedThanThereAre() {
    WorkerPool pool = pool(1);
    List<Run> three = runs(3);
    pool.offer(three);
    pool.abandoned(three.get(0));
    assertThat(pool.busy()).as("the second worker's").isEqualTo(1);
    pool.abandoned(three.get(1));
    assertThat(pool.wedged()).isEqualTo(2);
    assertThat(pool.busy()).as("stays lost").isEqualTo(1);
    three.forEach(pool::settled);
    clock.pass(Duration.ofSeconds(1));
    assertThat(pool.demand()).as("nobody is left to run anything").isZero();
  }

  @Test
  void aRunIsAbandonedOnce() {
    List<WorkerPool> itself = new ArrayList<>();
    WorkerPool pool =
        pool(
            2,
            tasks::addLast,
            run -> {
              itself.get(0).abandoned(run);
              itself.get(0).abandoned(run);
              assertThat(itself.get(0).wedged()).isEqualTo(1);
            });
    itself.add(pool);
    pool.offer(runs(1));
    work();
    assertThat(pool.busy()).isZero();
  }

  @Test
  void oneThatHasReturnedBeforeItIsAbandonedKeepsItsWorker() {
    WorkerPool pool = pool(1);
    List<Run> two = runs(2);
    pool.offer(two);
    two.get(0).begin();
    two.get(0).end();
    pool.abandoned(two.get(0));
    assertThat(pool.wedged()).isZero();
    assertThat(pool.busy()).isEqualTo(1);
    work();
    assertThat(ran).isEqualTo(two);
    assertThat(pool.busy()).isZero();
  }
}
