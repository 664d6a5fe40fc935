package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import dev.escapement.store.Amendment;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Guard;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Request;
import dev.escapement.store.Requests;
import dev.escapement.store.Spawn;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What each database does in its own way. The words of the SPI hold for each method. */
interface Dialect {

  /** Enough for some short transactions that wait for the same row before us. */
  Duration TURN = Duration.ofMillis(250);

  ClaimResult claim(Database database, ClaimRequest request);

  /**
   * Completes; what is busy is missing like what is lost.
   *
   * @param afterwards what to make of it once it is committed, on the same connection; must not
   *     throw, for then nobody would hear what was written
   */
  Ended complete(
      Database database, List<Completion> completions, BiFunction<Handle, Ended, Ended> afterwards);

  /** {@link JdbcClaims#HELD}, for {@code :ids}. */
  Query held(Handle handle);

  /** Completes one, for whose row it waits for {@link #TURN} at most. */
  Ended completeInTurn(Database database, Completion completion);

  /** Completes in the transaction that a handle is in, which it leaves open. Waits for locks. */
  Ended complete(Handle handle, List<Completion> completions);

  /** Takes over; what is busy is missing like what is lost. */
  Ended takeOver(Database database, List<Completion> completions);

  List<Enqueued> enqueue(Database database, List<NewTrigger> triggers);

  /** The way to the database that suits enqueuing these. */
  default Database wayToEnqueue(Database database, List<NewTrigger> triggers) {
    return database;
  }

  /** Whether a list without FAIL is enqueued by statements that each do all that they can. */
  boolean enqueuesAtOnce();

  /**
   * Enqueues in the transaction that a handle is in, and leaves it open. If it throws, some may
   * have been enqueued: the caller rolls back, at least to a savepoint.
   */
  List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers);

  /** What is asked of the trigger, in bits; empty if the guard isn't held. */
  Optional<Integer> keep(Database database, Guard guard, Instant fireTime, byte[] checkpoint);

  /** No two of the same guard. */
  void report(Database database, Collection<Checkpoints.Report> reports);

  Lists lists(Database database);

  /** By what a stretch of the claim index is to be ordered, so that it is read as it is. */
  String claimOrder();

  int purge(Database database, Duration age, int limit);

  int trim(Database database, String job, int keep, int limit);

  Map<TriggerId, Requests.Answer> put(
      Database database, Collection<TriggerId> ids, Request request);

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
