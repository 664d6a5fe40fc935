package dev.escapement.examples.quickstart;

import dev.escapement.JobContext;
import dev.escapement.JobType;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Notes a replica's runs in the ledger and tells the supervisor of them. */
final class Journal {

  private final String replica;
  private final Ledger ledger;
  private final Consumer<Message> supervisor;

  Journal(String replica, Ledger ledger, Consumer<Message> supervisor) {
    this.replica = replica;
    this.ledger = ledger;
    this.supervisor = supervisor;
  }

  /** The work of a run. */
  @FunctionalInterface
  interface Work {
    /** Does it, and says the result. */
    String run() throws Exception;
  }

  /** Does the work between a note of its beginning and one of its end. Throws what it throws. */
  void record(JobContext context, Work work) throws Exception {
    long run = ledger.begin(replica, context);
    supervisor.accept(new Message(Message.Kind.BEGUN, run, context.job()));
    try {
      ledger.succeed(run, work.run());
    } catch (Exception e) {
      ledger.fail(run, e.getClass().getSimpleName() + ": " + e.getMessage());
      throw e;
    } finally {
      supervisor.accept(new Message(Message.Kind.ENDED, run, context.job()));
    }
  }

  /** How many runs of a job have succeeded, on all replicas. */
  int countDone(JobType<?> job) throws SQLException {
    return ledger.countDone(job.name());
  }
}
