package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Due;
import dev.escapement.store.Claim;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The database does what it is told, and the answer doesn't arrive. */
final class LostAnswerTest {

  private final TestPostgres postgres = new TestPostgres();
  private final AtomicBoolean lost = new AtomicBoolean();

  @AfterEach
  void drop() {
    postgres.close();
  }

  /** Executes, and then says that the connection broke. */
  private final DataSource lossy =
      Wrapped.source(
          () ->
              Wrapped.connection(
                  TestPostgres.dataSource().getConnection(),
                  (method, call) -> call.proceed(),
                  (method, call) -> answerOf("execute", method, call, "08006")));

  private @Nullable Object answerOf(String name, Method method, Wrapped.Call call, String state)
      throws Throwable {
    @Nullable Object answer = call.proceed();
    if (method.getName().equals(name) && lost.get()) {
      throw new SQLException("An I/O error occurred.", state);
    }
    return answer;
  }

  @Test
  void ofAWriteMeansThatItMayHaveHappened() {
    Movement node = Movement.on(postgres.store(lossy).build());
    NewTrigger trigger = Movement.trigger(Due.now());
    lost.set(true);

    assertThatThrownBy(() -> node.store().triggers().enqueue(List.of(trigger)))
        .isInstanceOf(UnknownCommitException.class)
        .hasMessageContaining("enqueue")
        .hasMessageContaining("PostgreSQL 1")
        .hasMessageContaining("08006");

    lost.set(false);
    assertThat(node.store().triggers().find(trigger.id())).isPresent();
  }

  @Test
  void ofAClaimShowsInTheAudit() {
    Movement node = Movement.on(postgres.store(lossy).build());
    var id = node.enqueue();
    lost.set(true);
    assertThatThrownBy(() -> node.claim(10)).isInstanceOf(UnknownCommitException.class);
    lost.set(false);

    assertThat(node.claim(10)).isEmpty();
    assertThat(node.store().claims().running(node.session(), 10))
        .extracting(RunningTrigger::guard)
        .singleElement()
        .satisfies(guard -> assertThat(guard.id()).isEqualTo(id));
  }

  @Test
  void ofACompletionShowsInTheHistory() {
    Movement node = Movement.on(postgres.store(lossy).build());
    var id = node.enqueue();
    List<Claim> claims = node.claim(10);
    lost.set(true);
    assertThatThrownBy(() -> node.complete(claims)).isInstanceOf(UnknownCommitException.class);
    lost.set(false);

    assertThat(node.complete(claims)).isEmpty();
    assertThat(node.store().history().of(id)).hasSize(1);
  }

  @Test
  void ofAReadIsTransient() {
    Movement node = Movement.on(postgres.store(lossy).build());
    lost.set(true);

    assertThatThrownBy(() -> node.store().now()).isInstanceOf(TransientStoreException.class);
  }

  @Test
  void beforeTheCommitOfATransactionMeansThatNothingHappened() {
    Movement node = Movement.on(postgres.store(lossy).build());
    long beat = node.store().sessions().all().get(0).beat();
    lost.set(true);

    assertThatThrownBy(() -> node.store().sessions().declareDead(node.session(), beat))
        .isInstanceOf(TransientStoreException.class);

    lost.set(false);
    assertThat(node.store().sessions().all().get(0).live()).isTrue();
  }

  /** H2 was seen to commit and then to say 90135: it was closing. */
  @ParameterizedTest
  @ValueSource(strings = {"90067", "90135", "90028", "HY000"})
  void ofACommitMeansThatItMayHaveHappened(String state) {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:lost-answer-" + state + ";DB_CLOSE_DELAY=-1");
    DataSource lossyCommits =
        Wrapped.source(
            () ->
                Wrapped.connection(
                    h2.getConnection(),
                    (method, call) -> answerOf("commit", method, call, state),
                    (method, call) -> call.proceed()));
    Movement node = Movement.on(JdbcStore.of(lossyCommits));
    NewTrigger trigger = Movement.trigger(Due.now());
    lost.set(true);

    assertThatThrownBy(() -> node.store().triggers().enqueue(List.of(trigger)))
        .isInstanceOf(UnknownCommitException.class);

    lost.set(false);
    assertThat(node.store().triggers().find(trigger.id())).isPresent();
  }

  @Test
  void noConnectionIsTransientAndNamesNoPassword() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setURL("jdbc:postgresql://localhost:1/nowhere?user=joe&password=secret");

    assertThatThrownBy(() -> JdbcStore.of(nowhere).open())
        .isInstanceOf(TransientStoreException.class)
        .hasMessageContaining("open the store")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aDatabaseThatDoesNotExistIsNotTransient() {
    PGSimpleDataSource other = TestPostgres.dataSource();
    other.setDatabaseName("nobody_made_this");

    assertThatThrownBy(() -> JdbcStore.of(other).open())
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(TransientStoreException.class)
        .hasMessageContaining("3D000");
  }
}
