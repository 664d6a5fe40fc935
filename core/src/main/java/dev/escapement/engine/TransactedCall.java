package dev.escapement.engine;

import dev.escapement.Job;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler's call in a transaction, with the end of its claim as the last thing in it: what the
 * handler has written and that it has succeeded become true together, or not at all.
 */
final class TransactedCall<T> {

  private static final Logger LOG = LoggerFactory.getLogger(TransactedCall.class);

  private final Runner runner;
  private final Run run;
  private final Job<T> job;
  private final T payload;
  private Runner.@Nullable Called called;

  TransactedCall(Runner runner, Run run, Job<T> job, T payload) {
    this.runner = runner;
    this.run = run;
    this.job = job;
    this.payload = payload;
  }

  void run(Store store, Completer completer) {
    Ended ended;
    try {
      ended = store.transactions().orElseThrow().run(this::call);
    } catch (UnknownCommitException e) {
      commitUnknown(e, completer);
      return;
    } catch (StoreException e) {
      rolledBack(e, completer);
      return;
    }
    Runner.Called result = present();
    if (result.succeeded()) {
      completer.written(run, result.completion(), ended);
    } else {
      runner.end(run, result.completion(), result.thrown());
    }
  }

  private @Nullable Completion call(Connection connection) {
    Runner.Called result = runner.call(run, job, payload, connection);
    called = result;
    return result.succeeded() ? result.completion() : null;
  }

  private void commitUnknown(UnknownCommitException e, Completer completer) {
    LOG.warn("Nobody knows yet whether {} was committed; the history will tell", run, e);
    completer.addUnknown(run, Verdict.uncommitted(run, e), present().completion(), e);
  }

  /** Before the handler was called, or in place of its commit. */
  private void rolledBack(StoreException e, Completer completer) {
    Runner.Called result = called;
    if (result == null) {
      run.end();
      LOG.warn("{} is given back: its transaction couldn't be begun", run, e);
      completer.add(run, Verdict.notBegun(run, e), e);
    } else if (result.succeeded() && e instanceof TransientStoreException) {
      LOG.warn("{} was rolled back for reasons of the database's and is given back", run, e);
      completer.add(run, Verdict.uncommitted(run, e), e);
    } else if (result.succeeded()) {
      runner.failed(run, job, e);
    } else {
      runner.end(run, result.completion(), result.thrown());
    }
  }

  private Runner.Called present() {
    Runner.Called result = called;
    if (result == null) {
      throw new IllegalStateException("The handler of " + run + " was not called");
    }
    return result;
  }
}
