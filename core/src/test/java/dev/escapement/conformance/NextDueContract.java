package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.Next;
import dev.escapement.store.Position;
import dev.escapement.store.Store;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Until when a node may sleep. */
abstract class NextDueContract extends Contract {

  private static final Instant SOON = Instant.parse("2150-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2150-01-01T00:00:00.000001Z");

  NextDueContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private @Nullable Instant nextDue(String... queues) {
    Demand[] demands = new Demand[queues.length];
    for (int i = 0; i < queues.length; i++) {
      demands[i] = new Demand(queues[i], 0);
    }
    return openNode().claim(Position.START, demands).nextDue();
  }

  @Test
  void isNullWhereNothingWaits() {
    enqueue(Draft.of(JOB).queue("other").due(SOON));
    assertThat(nextDue(Node.QUEUE)).isNull();
  }

  @Test
  void isTheEarliestOfAllPriorities() {
    enqueue(Draft.of(JOB).priority(Priority.HIGH).due(LATER));
    enqueue(Draft.of(JOB).priority(Priority.LOW).due(SOON));
    enqueue(Draft.of(JOB).due(LATER));
    assertThat(nextDue(Node.QUEUE)).isEqualTo(SOON);
  }

  @Test
  void isTheEarliestOfTheQueuesAsked() {
    enqueue(Draft.of(JOB).queue("a").due(LATER));
    enqueue(Draft.of(JOB).queue("b").due(SOON));
    assertThat(nextDue("a")).isEqualTo(LATER);
    assertThat(nextDue("a", "b")).isEqualTo(SOON);
    assertThat(nextDue("a", "empty")).isEqualTo(LATER);
  }

  @Test
  void countsJobsThatTheAskerDoesNotKnow() {
    enqueue(Draft.of("stranger").due(SOON));
    assertThat(nextDue(Node.QUEUE)).isEqualTo(SOON);
  }

  @Test
  void passesOverWhatIsDueAlready() {
    enqueue(Draft.of(JOB));
    assertThat(nextDue(Node.QUEUE)).isNull();
    enqueue(Draft.of(JOB).due(SOON));
    assertThat(nextDue(Node.QUEUE)).isEqualTo(SOON);
  }

  @Test
  void comesWithTheClaimsToo() {
    enqueue(Draft.of(JOB));
    enqueue(Draft.of(JOB).due(SOON));
    var result = openNode().claim(Node.QUEUE, 10);
    assertThat(result.claims()).hasSize(1);
    assertThat(result.nextDue()).isEqualTo(SOON);
  }

  @Test
  void ignoresWhatIsPausedOrNeverDue() {
    Node node = openNode();
    Claim paused = claimed(node, Draft.standing(JOB));
    end(paused, Outcome.FAILED, new Next.Pause("enough"));
    Claim never = claimed(node, Draft.standing(JOB).key("never"));
    end(never, Outcome.SUCCEEDED, Next.fireAt(null));
    assertThat(nextDue(Node.QUEUE)).isNull();
  }

  @Test
  void followsAnEnd() {
    Claim claim = claimed(openNode(), Draft.standing(JOB));
    assertThat(nextDue(Node.QUEUE)).isNull();
    end(claim, Outcome.SUCCEEDED, Next.fireAt(SOON));
    assertThat(nextDue(Node.QUEUE)).isEqualTo(SOON);
  }
}
