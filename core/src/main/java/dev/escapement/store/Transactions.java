package dev.escapement.store;

import dev.escapement.Enqueued;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Taking part in transactions of the database that the application's own data is in. */
public interface Transactions {

  /**
   * Enqueues in the transaction of a connection: the triggers are there if and only if it commits.
   * The connection stays as it is, and is neither committed nor closed. A key that is taken is no
   * error for the database, so it doesn't spoil the transaction.
   *
   * @throws dev.escapement.NoTransactionsException if the connection is in autocommit
   * @throws dev.escapement.DuplicateKeyException as for {@link Triggers#enqueue}; the transaction
   *     can go on
   */
  List<Enqueued> enqueue(Connection connection, List<NewTrigger> triggers);

  /**
   * Runs work in a new transaction, and ends its claim as the last thing in it. Commits if the work
   * returns a completion whose guard is held then; else rolls back.
   *
   * @return what came of the completion; {@link Ended#NOTHING} if there was none, or its guard
   *     wasn't held any more: then nothing is changed
   * @throws TransientStoreException if it was rolled back by the database
   * @throws UnknownCommitException if nobody knows whether it was committed
   * @throws StoreException if it was rolled back for another reason
   */
  Ended run(Work work);

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it.
     *
     * @param connection begun; the work neither commits nor closes it
     * @return how its claim ends; null to roll back
     */
    @Nullable Completion run(Connection connection);
  }
}
