package dev.escapement.testing;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.NoTransactionsException;
import dev.escapement.OnConflict;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.StoreException;
import dev.escapement.store.Transactions;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.Triggers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs transactional jobs in transactions of the application's database, beside a store that isn't
 * in it: what was enqueued through the connection of such a run is held back until its commit. Of
 * other connections nobody here sees the commit; what is enqueued through them is there at once.
 */
final class TestTransactions implements Transactions {

  private final DataSource dataSource;
  private final Triggers triggers;
  private final Claims claims;
  private final List<NewTrigger> heldBack = new ArrayList<>();
  private @Nullable Connection begun;

  TestTransactions(DataSource dataSource, Triggers triggers, Claims claims) {
    this.dataSource = dataSource;
    this.triggers = triggers;
    this.claims = claims;
  }

  @Override
  public List<Enqueued> enqueue(Connection connection, List<NewTrigger> wanted) {
    refuseAutocommit(connection);
    if (connection != begun) {
      return triggers.enqueue(wanted);
    }
    List<NewTrigger> before = List.copyOf(heldBack);
    List<Enqueued> answers = new ArrayList<>();
    try {
      for (NewTrigger one : wanted) {
        answers.add(foreseen(one));
        heldBack.add(one);
      }
    } catch (DuplicateKeyException e) {
      heldBack.clear();
      heldBack.addAll(before);
      throw e;
    }
    return List.copyOf(answers);
  }

  private static void refuseAutocommit(Connection connection) {
    try {
      if (connection.getAutoCommit()) {
        throw new NoTransactionsException(
            "The connection is in autocommit, so there is no transaction to enqueue in; call"
                + " setAutoCommit(false) first, or enqueue without using(…).");
      }
    } catch (SQLException e) {
      throw new StoreException("The connection can't be asked whether it is in autocommit.", e);
    }
  }

  /** What the store will answer at the commit. */
  private Enqueued foreseen(NewTrigger wanted) {
    String key = wanted.key();
    if (key == null) {
      return new Enqueued(wanted.id(), Enqueued.Result.CREATED);
    }
    TriggerRecord live = triggers.find(wanted.job(), key).orElse(null);
    TriggerId taken = live == null ? heldBack(wanted.job(), key) : live.id();
    if (taken == null) {
      return new Enqueued(wanted.id(), Enqueued.Result.CREATED);
    }
    if (wanted.onConflict() == OnConflict.FAIL) {
      throw new DuplicateKeyException(wanted.job(), key, taken);
    }
    return new Enqueued(taken, met(live, wanted.onConflict()));
  }

  private @Nullable TriggerId heldBack(String job, String key) {
    return heldBack.stream()
        .filter(held -> held.job().equals(job) && key.equals(held.key()))
        .map(NewTrigger::id)
        .findFirst()
        .orElse(null);
  }

  private static Enqueued.Result met(@Nullable TriggerRecord live, OnConflict answer) {
    boolean runs = live != null && live.state() == TriggerState.RUNNING;
    boolean standing = live != null && live.kind() == TriggerKind.STANDING;
    if (standing || answer == OnConflict.KEEP) {
      return runs ? Enqueued.Result.KEPT_RUNNING : Enqueued.Result.KEPT;
    }
    if (runs) {
      return Enqueued.Result.AGAIN;
    }
    return answer == OnConflict.REPLACE ? Enqueued.Result.REPLACED : Enqueued.Result.RESCHEDULED;
  }

  @Override
  public Ended run(Work work) {
    Completion completion;
    try (Connection connection = dataSource.getConnection()) {
      boolean autocommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        completion = committed(connection, work);
      } finally {
        connection.setAutoCommit(autocommit);
      }
    } catch (SQLException e) {
      heldBack.clear();
      throw new StoreException(
          "The database of connections(…) failed during a transactional job: " + e.getMessage(), e);
    }
    if (completion == null) {
      return Ended.NOTHING;
    }
    List<NewTrigger> enqueued = List.copyOf(heldBack);
    heldBack.clear();
    triggers.enqueue(enqueued);
    return claims.complete(List.of(completion));
  }

  private @Nullable Completion committed(Connection connection, Work work) throws SQLException {
    boolean committed = false;
    begun = connection;
    try {
      Completion completion = work.run(connection);
      if (completion != null) {
        connection.commit();
        committed = true;
      }
      return completion;
    } finally {
      begun = null;
      if (!committed) {
        heldBack.clear();
        connection.rollback();
      }
    }
  }
}
