package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Spawn;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** What each database does in its own way. The words of the SPI hold for each method. */
interface Dialect {

  ClaimResult claim(Database database, ClaimRequest request);

  Set<TriggerId> complete(Database database, List<Completion> completions);

  Set<TriggerId> takeOver(Database database, List<Completion> completions);

  List<Enqueued> enqueue(Database database, List<NewTrigger> triggers);

  List<TriggerRecord> find(Database database, List<TriggerName> names);

  Set<TriggerId> amend(Database database, List<Amendment> amendments);

  boolean spawn(Database database, Spawn spawn);

  Set<String> strangers(Database database, Set<String> queues, Set<String> known, int window);

  /** Makes the row of a job if there is none. */
  void addJob(Handle handle, String job);

  /** Holds due triggers of a job back, whose row is locked. */
  int park(Handle handle, String job, Hold hold, int limit);

  int unpark(Database database, Set<String> jobs, int limit);

  /**
   * Makes the rows of jobs that have none, and locks all of them, in order of their names; then
   * keeps the declarations that are new.
   */
  void declare(Handle handle, List<JobDeclaration> jobs);

  /** Locks the rows of jobs, in order of their names. */
  void lockJobs(Handle handle, Collection<String> jobs);

  /** Puts the current declarations of jobs in force, whose rows are locked. */
  void settle(Handle handle, Collection<String> jobs);

  /**
   * Deletes triggers of a job, whose row is locked, unless one of these runs.
   *
   * @return false if one runs; none is deleted then
   */
  boolean deleteTriggers(Handle handle, String job, int limit);

  /** Runs a migration, after those of other nodes of this process if they'd get in its way. */
  default <T> T inTurn(Supplier<T> migration) {
    return migration.get();
  }

  /**
   * Waits until no other node migrates these tables, and keeps it so for the transaction.
   *
   * @param patience how long a statement of the migration may then wait for a lock
   */
  void lockSchema(Handle handle, Tables tables, Duration patience);

  boolean schemaExists(Handle handle, String schema);

  boolean tableExists(Handle handle, Tables tables, String table);

  /** The folder of the migrations. */
  String folder();

  SchemaPolicy defaultPolicy();
}
