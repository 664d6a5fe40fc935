package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.escapement.store.Store;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * What two nodes can do to one trigger, in any order and whatever goes wrong. {@code
 * -Dinterleaving.length} and {@code -Dinterleaving.walks} ask for more; {@code -Dinterleaving.seed}
 * walks as before, and {@code -Dinterleaving.steps} plays one schedule as it was printed.
 */
class InterleavingsTest {

  private static final int LENGTH = Integer.getInteger("interleaving.length", 4);
  private static final int WALKS = Integer.getInteger("interleaving.walks", 15);

  /** Within so many steps what is broken must be found. */
  private static final int BOUND = 5;

  private static final int WALK = Integer.getInteger("interleaving.walk", 60);
  private static final long SEED = Long.getLong("interleaving.seed", new Random().nextLong());

  /** A has claimed and been silent since; B has looked twice, and its next look is the third. */
  private static final String NEARLY_DEAD = "A.claims A.begins time B.beats B.audits time B.beats";

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.escapement");

  @BeforeAll
  static void beSilent() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(Level.INFO);
  }

  enum Work {
    ONE_TIME,
    ONE_TIME_TWICE,
    RECURRING;

    private World.Errand errand() {
      return switch (this) {
        case ONE_TIME -> Errands.oneTime();
        case ONE_TIME_TWICE -> Errands.oneTimeTwice();
        case RECURRING -> Errands.recurring();
      };
    }

    Interleavings search() {
      return on(UnaryOperator.identity());
    }

    Interleavings on(UnaryOperator<Store> distorted) {
      return new Interleavings(this::errand, distorted);
    }
  }

  private static void assertRight(Interleavings.Result result) {
    assertThat(result.finding()).isEmpty();
    assertThat(result.states()).as("a search that was one").isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_TIME", "RECURRING"})
  void whateverTheOrderOfStepsAllIsDoneOnce(Work work) {
    assertRight(work.search().all(LENGTH, 0));
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_TIME", "RECURRING"})
  void whateverCallGoesWrongAllIsDoneOnce(Work work) {
    assertRight(work.search().all(LENGTH - 1, 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"ONE_TIME", "RECURRING"})
  void whateverHappensWhileANodeIsGivenUpAllIsDoneOnce(Work work) {
    assertRight(work.search().allAfter(Step.parse(NEARLY_DEAD), LENGTH - 2, 1));
  }

  @ParameterizedTest
  @EnumSource
  void whateverHappensForLongAllIsDoneOnce(Work work) {
    for (int walk = 0; walk < WALKS; walk++) {
      long seed = SEED + walk;
      assertThat(work.search().random(seed, WALK)).as("-Dinterleaving.seed=%d", seed).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aScheduleThatWasPrintedCanBePlayedAgain(Work work) {
    String schedule =
        System.getProperty("interleaving.steps", NEARLY_DEAD + " B.audits!TAKE_OVER:ANSWER_LOST");
    assertThat(work.search().fault(Step.parse(schedule))).isEmpty();
  }

  @Test
  void aClaimWithoutVersionIsFound() {
    Interleavings search = Work.ONE_TIME.on(BrokenStores::claimsWithoutVersion);
    assertFound(search.all(BOUND, 0), "was claimed while", "A.claims");
  }

  /** The random walk below finds it too; that it is found in so few steps takes its time. */
  @Test
  void aCompletionWithoutGuardIsFound() {
    assumeThat(LENGTH).isGreaterThanOrEqualTo(BOUND);
    Interleavings search = Work.ONE_TIME.on(BrokenStores::completesWithoutGuard);
    Interleavings.Finding found = search.all(BOUND, 1).finding().orElseThrow();
    assertThat(found.fault()).contains("its claim isn't held");
    assertThat(found.schedule()).as("the shortest").hasSize(4);
  }

  @Test
  void aDeathDeclaredWhateverTheBeatIsFound() {
    Interleavings search = Work.ONE_TIME.on(BrokenStores::ignoresTheBeat);
    assertFound(
        search.allAfter(Step.parse(NEARLY_DEAD), BOUND, 1),
        "was declared dead, and it trusts itself",
        NEARLY_DEAD + " B.audits!ALL:ANSWER_WAITS");
  }

  @Test
  void aVersionThatRestartsIsFound() {
    Interleavings search = Work.ONE_TIME_TWICE.on(BrokenStores::restartsVersions);
    assertFound(
        search.all(BOUND, 0),
        "version 1 had been before",
        "A.claims A.begins A.returns A.completes enqueue");
  }

  @Test
  void anOrphanThatNobodySeesIsFound() {
    Interleavings search = Work.ONE_TIME.on(BrokenStores::hidesOrphans);
    assertFound(search.all(BOUND, 0), "with only [1] alive it is never done", "A.claims");
  }

  @Test
  void aRandomWalkFindsItTooAndSparesWhatItCan() {
    Interleavings search = Work.ONE_TIME.on(BrokenStores::completesWithoutGuard);
    Interleavings.Finding found =
        LongStream.range(0, 1_000)
            .mapToObj(seed -> search.random(seed, WALK))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow();
    assertThat(found.fault()).contains("its claim isn't held");
    assertThat(found.schedule().size()).isLessThan(WALK / 2);
    assertThat(search.fault(Step.parse(found.steps()))).contains(found.fault());
  }

  private static void assertFound(Interleavings.Result result, String fault, String schedule) {
    Interleavings.Finding found = result.finding().orElseThrow();
    assertThat(found.fault()).contains(fault);
    assertThat(found.steps()).isEqualTo(schedule);
  }
}
