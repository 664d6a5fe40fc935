package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.TriggerId;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewTrigger;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What each database does in its own way. The words of the SPI hold for each method. */
interface Dialect {

  ClaimResult claim(Database database, ClaimRequest request);

  Set<TriggerId> complete(Database database, List<Completion> completions);

  Set<TriggerId> takeOver(Database database, List<Completion> completions);

  List<Enqueued> enqueue(Database database, List<NewTrigger> triggers);

  Set<String> strangers(Database database, Set<String> queues, Set<String> known, int window);

  /** Locks the row of a job until the transaction ends, and makes it if there is none. */
  void lockJob(Handle handle, String job);

  /** Holds due triggers of a job back, whose row is locked. */
  int park(Handle handle, String job, int limit);

  int unpark(Database database, Set<String> jobs, int limit);

  /**
   * Inserts or updates the rows of jobs, and so locks them, in order of their names; then moves
   * their standing triggers to where they are declared.
   */
  void declare(Handle handle, List<JobDeclaration> jobs);

  /** Waits until no other node migrates these tables, and keeps it so for the transaction. */
  void lockSchema(Handle handle, Tables tables);

  boolean schemaExists(Handle handle, String schema);

  boolean tableExists(Handle handle, Tables tables, String table);

  /** The folder of the migrations. */
  String folder();

  SchemaPolicy defaultPolicy();
}
