package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Execution;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Jobs that take effect exactly once: what they have written and their end commit together. */
abstract class TransactedJobs extends Joining {

  private Execution run(Script script) throws Exception {
    SCRIPTS.put("it", script);
    return scheduler.await(scheduler.enqueue(TRANSACTED, "it").id(), PATIENCE);
  }

  private void assertFails(String why, Script script) throws Exception {
    Execution ended = run(script);
    assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(ended.failure().orElseThrow().message()).contains(why);
    assertThat(purchases()).isZero();
  }

  /** There is one worker, so this is the thread that has run what a test has run. */
  @AfterEach
  void theWorkerIsLeftAsItWas() throws Exception {
    AtomicReference<String> left = new AtomicReference<>("");
    SCRIPTS.put(
        "look",
        run ->
            left.set(
                TransactionSynchronizationManager.isActualTransactionActive()
                    + " "
                    + TransactionSynchronizationManager.isSynchronizationActive()
                    + " "
                    + TransactionSynchronizationManager.getResourceMap()));
    assertSucceeds(scheduler.enqueue(PLAIN, "look").id());
    assertThat(left).hasValue("false false {}");
  }

  @Test
  void whatAJobWritesIsCommittedWithItsEnd() throws Exception {
    AtomicReference<@Nullable TriggerId> made = new AtomicReference<>();
    Execution ended =
        run(
            run -> {
              buy(1);
              TriggerId id = scheduler.enqueue(PLAIN, "nothing").id();
              made.set(id);
              assertThat(isThere(id)).as("seen from outside").isFalse();
            });

    assertThat(ended.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(purchases()).isOne();
    assertSucceeds(Objects.requireNonNull(made.get()));
  }

  @Test
  void itsConnectionIsThatOfTheTransaction() throws Exception {
    assertFails(
        "refused",
        run -> {
          buy(1);
          try (var statement = run.connection().createStatement()) {
            statement.executeUpdate("INSERT INTO purchase (id, state) VALUES (2, 'new')");
          }
          assertThat(jdbc.queryForList("SELECT id FROM purchase", Long.class)).contains(2L);
          throw new Refused();
        });
  }

  @Test
  void aJobThatThrowsLeavesNothing() throws Exception {
    AtomicReference<@Nullable TriggerId> made = new AtomicReference<>();
    assertFails(
        "refused",
        run -> {
          shop.inTransaction(() -> buy(1));
          made.set(scheduler.enqueue(PLAIN, "nothing").id());
          throw new Refused();
        });

    assertThat(isThere(Objects.requireNonNull(made.get()))).isFalse();
  }

  @Test
  void aJobWhoseCatchHidesARollbackFails() throws Exception {
    assertFails(
        "rolled back instead of committed",
        run -> {
          buy(1);
          rolledBack(() -> buy(2));
        });
  }

  @Test
  void aTransactionOfItsOwnInsideAJobStays() throws Exception {
    Execution ended =
        run(
            run -> {
              buy(1);
              shop.inAnother(() -> buy(2));
              throw new Refused();
            });

    assertThat(ended.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(jdbc.queryForList("SELECT id FROM purchase", Long.class)).containsExactly(2L);
  }

  @Test
  void aDatabaseThatRefusesTheCommitFailsTheJob() throws Exception {
    Assumptions.assumeTrue(isPostgres(), "H2 has no deferred constraints");
    assertFails(
        "23503",
        run -> {
          buy(1);
          jdbc.update("INSERT INTO receipt (purchase) VALUES (99)");
        });
  }

  @Test
  void whatRefusesBeforeTheCommitFailsTheJob() throws Exception {
    assertFails(
        "refused",
        run -> {
          buy(1);
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                  throw new Refused();
                }
              });
        });
  }

  @Test
  void whatFailsAfterTheCommitTakesNothingBack() throws Exception {
    Execution ended =
        run(
            run -> {
              buy(1);
              TransactionSynchronizationManager.registerSynchronization(
                  new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                      throw new Refused();
                    }
                  });
            });

    assertThat(ended.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(purchases()).isOne();
    assertThat(scheduler.executions().of(ended.trigger())).hasSize(1);
  }

  @Test
  void aRunThatHasLostItsClaimTakesNoEffect() throws Exception {
    Assumptions.assumeTrue(isPostgres(), "H2 locks the row that the claim is in");
    AtomicInteger runs = new AtomicInteger();
    Execution ended =
        run(
            run -> {
              int number = runs.incrementAndGet();
              buy(number);
              if (number == 1) {
                shop.inAnother(() -> takeAway(run.triggerId()));
                scheduler.wakeUp(); // nobody polls here, and who takes over says so
              }
            });

    assertThat(ended.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(jdbc.queryForList("SELECT id FROM purchase", Long.class)).containsExactly(2L);
  }

  /** As another node does that holds this one for dead. */
  private void takeAway(TriggerId id) {
    assertThat(
            jdbc.update(
                "UPDATE escapement_trigger SET state = 1, owner = NULL, version = version + 1"
                    + " WHERE id = ?",
                id.value()))
        .isOne();
  }

  @Test
  void aTransactionIsNotForTheJobToEnd() throws Exception {
    assertFails(
        "refused",
        run -> {
          buy(1);
          assertThatThrownBy(() -> run.connection().commit()).hasMessageContaining("commit()");
          throw new Refused();
        });
  }
}
