package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which outcomes go out together while other jobs run. */
class GroupCommitTest {

  private static final Job<Void> JOB = Job.of(JobType.of("job"), context -> {});

  private final HandClock clock = new HandClock();
  private final Holdings holdings = new Holdings();
  private final Session session = Given.session(clock);
  private final List<Run> runs =
      IntStream.range(0, 10)
          .mapToObj(i -> Given.run(session, clock, TriggerKind.ONE_TIME, 1))
          .toList();

  private Outbox outbox(int outcomes, Duration delay) {
    holdings.add(runs);
    return new Outbox(holdings, clock, new Settings.GroupCommit(outcomes, delay));
  }

  private boolean end(Outbox outbox, int run) {
    Run ended = runs.get(run);
    return outbox.add(new Outbox.Item(ended, Verdict.of(ended, JOB, null, 0.5), null));
  }

  @Test
  void asManyAsAreEnoughGoAtOnce() {
    Outbox outbox = outbox(3, Duration.ofSeconds(1));
    end(outbox, 0);
    end(outbox, 1);
    assertThat(outbox.take()).isEmpty();

    assertThat(end(outbox, 2)).as("whoever writes is woken").isTrue();
    assertThat(outbox.take()).hasSize(3);
  }

  @Test
  void fewerGoWhenTheFirstHasWaited() {
    Outbox outbox = outbox(3, Duration.ofMillis(20));
    end(outbox, 0);
    clock.pass(Duration.ofMillis(15));
    end(outbox, 1);
    assertThat(outbox.take()).isEmpty();
    assertThat(outbox.untilNext()).isEqualTo(Duration.ofMillis(5).toNanos());

    clock.pass(Duration.ofMillis(5));
    assertThat(outbox.take()).hasSize(2);
  }

  @Test
  void withoutADelayNoneWaits() {
    Outbox outbox = outbox(500, Duration.ZERO);
    end(outbox, 0);

    assertThat(outbox.take()).hasSize(1);
  }

  @Test
  void noneWaitsWhenNothingElseRuns() {
    Outbox outbox = outbox(500, Duration.ofSeconds(1));
    for (int i = 0; i < runs.size() - 1; i++) {
      end(outbox, i);
    }
    assertThat(outbox.take()).isEmpty();

    assertThat(end(outbox, runs.size() - 1)).isTrue();
    assertThat(outbox.take()).hasSize(runs.size());
  }
}
