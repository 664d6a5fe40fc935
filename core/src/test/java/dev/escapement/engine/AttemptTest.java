package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.ClaimLostException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;
import dev.escapement.TriggerId;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run as its handler sees it, over a store in memory. */
class AttemptTest {

  private static final int LARGEST = 100;

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final Bench bench =
      Bench.opened(clock, memory, "node", Job.of(JobType.of("job"), context -> {}));
  private final TriggerId id = bench.enqueue("job");
  private final Run run = claimed();
  private final Attempt attempt = attemptOf(run);

  private Run claimed() {
    bench.poller.turn();
    Run claimed = bench.holdings.all().iterator().next();
    claimed.begin();
    return claimed;
  }

  private Attempt attemptOf(Run claimed) {
    Writer writer = new Writer(PayloadCodec.json(), LARGEST);
    return new Attempt(
        claimed,
        new Attempt.Desk(memory, writer, new Reporter("reporter", memory)),
        Map.of(),
        null);
  }

  /** Another session holds the claim. */
  private Run takenOver() {
    memory.sessions().close(bench.session().id());
    memory
        .claims()
        .takeOver(
            memory.claims().running(bench.session().id(), 10).stream()
                .map(trigger -> Verdict.lost(trigger, 3))
                .toList());
    Bench other = Bench.opened(clock, memory, "other", Job.of(JobType.of("job"), context -> {}));
    other.poller.turn();
    return other.holdings.all().iterator().next();
  }

  @Test
  void aCheckpointIsThereWhenItIsWritten() {
    assertThat(attempt.checkpoint(String.class)).isEmpty();
    attempt.checkpoint("page 1");
    attempt.checkpoint("page 2");
    assertThat(attempt.checkpoint(String.class)).contains("page 2");
  }

  @Test
  void theNextSessionFindsTheCheckpointAndTheOldOneWritesNoMore() {
    attempt.checkpoint("page 1");
    Attempt next = attemptOf(takenOver());
    assertThat(next.checkpoint(String.class)).contains("page 1");
    assertThatThrownBy(() -> attempt.checkpoint("page 2"))
        .isInstanceOf(ClaimLostException.class)
        .hasMessageContaining(id.toString());
    assertThat(next.checkpoint(String.class)).contains("page 1");
  }

  @Test
  void oneThatIsAskedToPauseEndsOnceItsCheckpointIsWritten() {
    memory.requests().put(List.of(id), new Request.Pause());
    assertThatThrownBy(() -> attempt.checkpoint("page 1")).isInstanceOf(Yield.class);
    assertThat(attempt.isCancelled()).isFalse();
    assertThat(attempt.checkpoint(String.class)).contains("page 1");
  }

  @Test
  void oneThatIsCancelledHearsOfItAtItsCheckpoint() {
    memory.requests().put(List.of(id), new Request.Cancel());
    assertThatThrownBy(() -> attempt.checkpoint("page 1")).isInstanceOf(Yield.class);
    assertThat(attempt.isCancelled()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void oneWhoseNodeStopsEndsAtItsCheckpoint() {
    run.askToYield();
    assertThatThrownBy(() -> attempt.checkpoint("page 1")).isInstanceOf(Yield.class);
    assertThat(attempt.checkpoint(String.class)).contains("page 1");
  }

  @Test
  void oneThatIsAskedToRunAgainGoesOn() {
    memory.requests().put(List.of(id), new Request.RunNow());
    attempt.checkpoint("page 1");
    assertThat(attempt.checkpoint(String.class)).contains("page 1");
  }

  @Test
  void whatCannotBeWrittenOrReadIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> attempt.checkpoint("x".repeat(LARGEST)))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining(id.toString())
        .hasMessageContaining("102 bytes")
        .hasMessageContaining("at most 100");
    assertThatThrownBy(() -> attempt.checkpoint(new Object()))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("checkpoint");
    attempt.checkpoint("no number");
    assertThatThrownBy(() -> attempt.checkpoint(Integer.class))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining(id.toString());
  }

  @Test
  void aWaitOutOfRangeIsRefused() {
    assertThatThrownBy(() -> attempt.snooze(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> attempt.retryIn(Duration.ofDays(366)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("365 days");
  }
}
