package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Ended;
import dev.escapement.store.Request;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Most of a batch goes as usual on PostgreSQL; what doesn't must throw no doubt on the rest. */
final class UsualEndTest {

  private final TestPostgres postgres = new TestPostgres();
  private Movement node;

  @BeforeEach
  void open() {
    node = Movement.on(postgres.store(TestPostgres.dataSource()).build());
  }

  @AfterEach
  void drop() {
    postgres.close();
  }

  private TriggerId askedToRunAgain(List<Claim> claims) {
    TriggerId id = claims.get(1).guard().id();
    node.store().requests().put(List.of(id), new Request.RunNow());
    return id;
  }

  @Test
  void whatIsAskedToRunAgainDoesBesideOthersThatGo() {
    node.enqueue(3);
    List<Claim> claims = node.claim(10);
    TriggerId again = askedToRunAgain(claims);

    Ended ended = node.store().claims().complete(Movement.successes(claims));

    assertThat(ended.written()).hasSize(3);
    assertThat(ended.busy()).isEmpty();
    assertThat(ended.turned().keySet()).containsExactly(again);
    assertThat(node.store().triggers().find(again).orElseThrow().state())
        .isEqualTo(TriggerState.SCHEDULED);
    assertThat(claims)
        .allSatisfy(claim -> assertThat(node.store().history().of(claim.guard().id())).hasSize(1));
  }

  @Test
  void ifThatFailsTheOthersAreWrittenAndItIsTriedAgain() {
    node.enqueue(3);
    List<Claim> claims = node.claim(10);
    TriggerId again = askedToRunAgain(claims);
    postgres.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            + " AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        "CREATE TRIGGER refuse BEFORE UPDATE ON escapement_trigger"
            + " FOR EACH ROW WHEN (OLD.state = 2) EXECUTE FUNCTION refuse()");

    Ended ended = node.store().claims().complete(Movement.successes(claims));

    assertThat(ended.written()).hasSize(2).doesNotContain(again);
    assertThat(ended.busy()).containsExactly(again);

    postgres.execute("DROP TRIGGER refuse ON escapement_trigger");
    Ended retried = node.store().claims().complete(Movement.successes(claims));
    assertThat(retried.written()).isEqualTo(Set.of(again));
    assertThat(retried.turned().values())
        .extracting(Ended.Turn::outcome)
        .containsExactly(Outcome.SUCCEEDED);
  }

  @Test
  void aLostClaimIsNeitherWrittenNorBusy() {
    node.enqueue(2);
    List<Claim> claims = node.claim(10);
    postgres.execute(
        "UPDATE escapement_trigger SET version = version + 2 WHERE id = '"
            + claims.get(0).guard().id()
            + "'");

    Ended ended = node.store().claims().complete(Movement.successes(claims));

    assertThat(ended.written()).containsExactly(claims.get(1).guard().id());
    assertThat(ended.busy()).isEmpty();
    assertThat(node.store().history().of(claims.get(0).guard().id())).isEmpty();
  }
}
