package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.OnConflict;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.UnknownCommitException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Statements that are lost on their way to PostgreSQL, or whose answers are on their way back. */
@Timeout(30)
class LossTest {

  private static PostgresDatabase postgres;

  private Proxy proxy;

  /** Talks through the proxy, and this one doesn't. */
  private Node node;

  private Node direct;

  @BeforeAll
  static void start() {
    postgres = new PostgresDatabase(Map.of());
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    execute(postgres.url(), "DROP TABLE IF EXISTS note", "CREATE TABLE note (line TEXT)");
    proxy = Proxy.toPostgres(postgres.port(), new Random(1));
    direct = Node.at(postgres.url());
    node = new Node(Node.at(postgres.url(proxy.port())).store(), direct.session());
  }

  @AfterEach
  void close() throws SQLException {
    proxy.close();
    execute(postgres.url(), "DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
  }

  @Test
  void anEnqueueWhoseAnswerIsLostHasHappened() {
    proxy.loseAnswers(Statements.ENQUEUE, 1);
    NewTrigger trigger = Node.trigger(null, OnConflict.KEEP);

    assertThatThrownBy(() -> node.store().triggers().enqueue(List.of(trigger)))
        .isInstanceOf(UnknownCommitException.class);

    assertThat(direct.store().triggers().find(trigger.id())).isPresent();
    assertThat(proxy.count(Mishap.LOST_ANSWER)).isEqualTo(1);
    node.enqueue();
  }

  @Test
  void aTransactionOfEnqueuesWhoseCommitIsNotAnsweredHasHappened() {
    proxy.loseAnswers(Statements.ENQUEUE, 1);
    List<NewTrigger> triggers =
        List.of(Node.trigger("a", OnConflict.KEEP), Node.trigger("b", OnConflict.REPLACE));

    assertThatThrownBy(() -> node.store().triggers().enqueue(triggers))
        .isInstanceOf(UnknownCommitException.class);

    assertThat(triggers).allMatch(one -> direct.store().triggers().find(one.id()).isPresent());
  }

  @Test
  void aTransactionWhoseCommitIsLostHasNotHappened() {
    proxy.loseRequests(Statements.ENQUEUE, 1);
    List<NewTrigger> triggers =
        List.of(Node.trigger("a", OnConflict.KEEP), Node.trigger("b", OnConflict.REPLACE));

    assertThatThrownBy(() -> node.store().triggers().enqueue(triggers))
        .isInstanceOf(UnknownCommitException.class);

    assertThat(triggers).allMatch(one -> direct.store().triggers().find(one.id()).isEmpty());
    assertThat(proxy.count(Mishap.LOST_REQUEST)).isEqualTo(1);
  }

  @Test
  void aClaimWhoseAnswerIsLostHasHappened() {
    TriggerId id = direct.enqueue();
    proxy.loseAnswers(Statements.CLAIM, 1);

    assertThatThrownBy(node::claim).isInstanceOf(UnknownCommitException.class);

    assertThat(direct.store().claims().running(direct.session(), 10))
        .singleElement()
        .satisfies(running -> assertThat(running.guard().id()).isEqualTo(id));
    assertThat(node.claim()).isEmpty();
  }

  @Test
  void aClaimThatIsLostHasNotHappened() {
    direct.enqueue();
    proxy.loseRequests(Statements.CLAIM, 2);

    assertThatThrownBy(node::claim).isInstanceOf(UnknownCommitException.class);
    assertThatThrownBy(node::claim).isInstanceOf(UnknownCommitException.class);

    assertThat(direct.store().claims().running(direct.session(), 10)).isEmpty();
    assertThat(proxy.count(Mishap.LOST_REQUEST)).isEqualTo(2);
    assertThat(node.claim()).hasSize(1);
  }

  @Test
  void aCompletionWhoseAnswerIsLostHasHappened() {
    TriggerId id = direct.enqueue();
    List<Claim> claims = node.claim();
    proxy.loseAnswers(Statements.COMPLETE, 1);

    assertThatThrownBy(() -> node.complete(claims)).isInstanceOf(UnknownCommitException.class);

    assertThat(direct.store().history().of(id)).hasSize(1);
    assertThat(direct.store().triggers().find(id)).isEmpty();
  }

  @Test
  void whatIsNotMeantGoesThrough() {
    proxy.loseAnswers(Statements.COMPLETE, 1);
    proxy.loseRequests(Statements.TAKE_OVER, 1);

    node.enqueue();

    assertThat(node.claim()).hasSize(1);
    assertThat(node.store().sessions().beat(node.session(), new NodeLoad(1, 0))).isTrue();
    assertThat(proxy.count(Mishap.LOST_ANSWER) + proxy.count(Mishap.LOST_REQUEST)).isZero();
  }

  @Test
  void whatIsHealedIsNotLostAnyMore() {
    proxy.loseAnswers(Statements.ENQUEUE, 1);
    proxy.loseRequests(Statements.ENQUEUE, 1);
    proxy.heal();

    assertThat(direct.store().triggers().find(node.enqueue())).isPresent();
  }

  /** The driver sends a statement that it keeps on the server by its name alone. */
  @Test
  void aStatementIsKnownByItsName() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(postgres.url(proxy.port()) + "&prepareThreshold=1");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO note VALUES (?)")) {
      for (int i = 0; i < 3; i++) {
        insert.setString(1, "kept");
        insert.executeUpdate();
      }
      proxy.loseAnswers(sql -> sql.equals("INSERT INTO note VALUES ($1)"), 1);
      insert.setString(1, "lost");

      assertThatThrownBy(insert::executeUpdate).isInstanceOf(SQLException.class);
    }
    assertThat(notes()).isEqualTo(4);
  }

  @Test
  void whatIsRolledBackOrFailsIsNotLost() throws SQLException {
    proxy.loseAnswers(sql -> sql.startsWith("INSERT INTO note"), 1);
    try (Connection connection = DriverManager.getConnection(postgres.url(proxy.port()));
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("INSERT INTO note VALUES (1 / 0)"))
          .hasMessageContaining("division by zero");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO note VALUES ('undone')");
      connection.rollback();
      statement.execute("SELECT 1");
      connection.commit();
      assertThat(proxy.count(Mishap.LOST_ANSWER)).isZero();

      statement.execute("INSERT INTO note VALUES ('done')");
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    }
    assertThat(proxy.count(Mishap.LOST_ANSWER)).isEqualTo(1);
    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void aLongAnswerArrivesWhole() throws SQLException {
    proxy.loseAnswers(sql -> sql.startsWith("SELECT") && sql.contains("generate_series"), 1);
    try (Connection connection = DriverManager.getConnection(postgres.url(proxy.port()));
        Statement statement = connection.createStatement()) {
      String ask = "SELECT repeat('x', 10000) FROM generate_series(1, 300)";
      assertThatThrownBy(() -> statement.execute(ask)).isInstanceOf(SQLException.class);
      assertThat(
              count(postgres.url(proxy.port()), "SELECT sum(length(r)) FROM (" + ask + ") t (r)"))
          .isEqualTo(3_000_000);
    }
  }

  private static int notes() throws SQLException {
    return count(postgres.url(), "SELECT count(*) FROM note");
  }

  private static int count(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void execute(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
