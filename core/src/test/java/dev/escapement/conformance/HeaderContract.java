package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.OnConflict;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers stay with their payload, wherever that goes. */
abstract class HeaderContract extends Contract {

  private static final String OLD = "v=1";
  private static final String NEW = "v=2";
  private static final Next RETRY = new Next.Retry(Due.at(LONG_AGO));

  HeaderContract(Supplier<Store> newStore) {
    super(newStore);
  }

  private static Draft draft() {
    return Draft.of(JOB).key("k").headers(OLD);
  }

  private void replace(@Nullable String headers) {
    Draft other = Draft.of(JOB).key("k").headers(headers).onConflict(OnConflict.REPLACE);
    assertThat(enqueueAll(other)).noneMatch(Enqueued::created);
  }

  /** What the next claim carries, which is what its row shows. */
  private @Nullable String claimed(Node node) {
    List<Claim> claims = node.claim(10);
    assertThat(claims).hasSize(1);
    String headers = claims.get(0).headers();
    assertThat(row(claims.get(0).guard().id()).headers()).isEqualTo(headers);
    return headers;
  }

  /** Nobody but their reader minds what is in them. */
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"a=b", "a=b&c=%C3%A9+%F0%9F%93%AC", "%zz", "'; -- \\ \" ? $1 :name 发票"})
  void comeBackAsTheyWentIn(@Nullable String written) {
    enqueue(Draft.of(JOB).headers(written));
    assertThat(claimed(openNode())).isEqualTo(written);
  }

  @Test
  void mayHaveFourKibibytes() {
    String largest = "a=" + "x".repeat(4094);
    enqueue(Draft.of(JOB).headers(largest));
    assertThat(claimed(openNode())).isEqualTo(largest);
  }

  @Test
  void areThoseOfEachOfAList() {
    List<Enqueued> answers =
        enqueueAll(
            Draft.of(JOB).key("b").headers(NEW),
            Draft.of(JOB),
            Draft.of(JOB).key("a").headers(OLD),
            Draft.of(JOB).headers("v=3"));
    assertThat(answers)
        .extracting(answer -> row(answer.id()).headers())
        .containsExactly(NEW, null, OLD, "v=3");
  }

  @Test
  void areThereOnEachAttempt() {
    Node node = openNode();
    Claim first = claimed(node, draft());
    assertThat(first.headers()).isEqualTo(OLD);
    end(first, Outcome.FAILED, RETRY);
    Claim second = node.claim(10).get(0);
    assertThat(second.headers()).isEqualTo(OLD);
    end(second, Outcome.RELEASED, new Next.Release(null));
    assertThat(claimed(node)).isEqualTo(OLD);
  }

  @Test
  void areThereAfterATakeover() {
    Node dead = openNode();
    Claim claim = claimed(dead, draft());
    dead.die();
    store.claims().takeOver(List.of(completion(claim, Outcome.LOST, new Next.Recover())));
    assertThat(claimed(openNode())).isEqualTo(OLD);
  }

  @Test
  void areThereAfterAPauseAndARunThatWasAskedFor() {
    Node node = openNode();
    Claim claim = claimed(node, draft());
    TriggerId id = claim.guard().id();
    end(claim, Outcome.FAILED, new Next.Pause("enough"));
    resume(id);
    Claim again = node.claim(10).get(0);
    ask(id, new Request.RunNow());
    end(again, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(claimed(node)).isEqualTo(OLD);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = NEW)
  void areReplacedWithThePayloadOfOneThatWaits(@Nullable String other) {
    enqueue(draft());
    replace(other);
    assertThat(claimed(openNode())).isEqualTo(other);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = NEW)
  void areReplacedWithThePayloadOfOneThatRunsWhenItHasEnded(@Nullable String other) {
    Node node = openNode();
    Claim claim = claimed(node, draft());
    replace("v=0");
    replace(other);
    assertThat(row(claim.guard().id()).headers()).as("of the run that goes on").isEqualTo(OLD);
    end(claim, Outcome.FAILED, RETRY);
    assertThat(claimed(node)).isEqualTo(other);
  }

  @Test
  void areNotThoseOfARequestThatMovesTheDue() {
    Node node = openNode();
    Claim claim = claimed(node, draft());
    enqueueAll(Draft.of(JOB).key("k").headers(NEW).onConflict(OnConflict.RESCHEDULE));
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(claimed(node)).isEqualTo(OLD);
    enqueueAll(Draft.of(JOB).key("k").headers(NEW).onConflict(OnConflict.KEEP));
    assertThat(row(claim.guard().id()).headers()).isEqualTo(OLD);
  }

  @Test
  void areTakenBackByACancelWithTheRequest() {
    Node node = openNode();
    Claim claim = claimed(node, draft());
    replace(NEW);
    ask(claim.guard().id(), new Request.Cancel());
    ask(claim.guard().id(), new Request.RunNow());
    end(claim, Outcome.FAILED, RETRY);
    assertThat(claimed(node)).isEqualTo(OLD);
  }

  @Test
  void ofARequestAreForgottenWithIt() {
    Node node = openNode();
    Claim claim = claimed(node, draft());
    replace(NEW);
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    Claim again = node.claim(10).get(0);
    replace(null);
    end(again, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(claimed(node)).isNull();
  }

  @Test
  void ofAStandingTriggerStayWhenItIsAmendedAndFires() {
    Node node = openNode();
    TriggerRecord row = row(enqueue(Draft.standing(JOB).headers(OLD)));
    byte[] other = {7};
    store
        .triggers()
        .amend(List.of(new Amendment(row.id(), row.version(), "each day", null, other, null)));
    Claim claim = node.claim(10).get(0);
    assertThat(claim.payload()).isEqualTo(other);
    assertThat(claim.headers()).isEqualTo(OLD);
    assertThat(claim.at(LONG_AGO.plus(HOUR), LONG_AGO.plus(HOUR), 1).headers()).isEqualTo(OLD);
    end(claim, Outcome.SUCCEEDED, Next.fireAt(LONG_AGO.plus(HOUR)));
    assertThat(claimed(node)).isEqualTo(OLD);
  }
}
