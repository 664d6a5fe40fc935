package dev.escapement.engine;

import dev.escapement.ClaimLostException;
import dev.escapement.InvalidRequestException;
import dev.escapement.JobContext;
import dev.escapement.PayloadException;
import dev.escapement.TriggerId;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Store;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run, as its handler sees it. Thread-safe. */
final class Attempt implements JobContext {

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final Run run;
  private final Desk desk;
  private final Map<String, String> headers;
  private final @Nullable Connection connection;

  /**
   * What attempts write with.
   *
   * @param store where they leave things
   * @param codec writes and reads these
   * @param reporter takes their progress
   */
  record Desk(Store store, Writer codec, Reporter reporter) {}

  /**
   * @param headers what came beside the payload, unmodifiable
   * @param connection of the transaction that it runs in; null if it runs in none
   */
  Attempt(Run run, Desk desk, Map<String, String> headers, @Nullable Connection connection) {
    this.run = run;
    this.desk = desk;
    this.headers = headers;
    this.connection = connection;
  }

  @Override
  public TriggerId triggerId() {
    return run.triggerId();
  }

  @Override
  public String job() {
    return run.job();
  }

  @Override
  public Optional<String> key() {
    return run.key();
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public Instant fireTime() {
    return run.fireTime();
  }

  @Override
  public long missedFires() {
    return run.missedFires();
  }

  @Override
  public Instant due() {
    return run.due();
  }

  @Override
  public Instant startedAt() {
    return run.startedAt();
  }

  @Override
  public int attempt() {
    return run.attempt();
  }

  @Override
  public long fencingToken() {
    return run.fencingToken();
  }

  @Override
  public boolean isCancelled() {
    return run.stopped() != null;
  }

  @Override
  public boolean leaseLost() {
    return run.leaseLost();
  }

  @Override
  public void retryIn(Duration wait) {
    run.wish(new Run.Wish.RetryIn(checked(wait)));
  }

  @Override
  public void snooze(Duration wait) {
    run.wish(new Run.Wish.Snooze(checked(wait)));
  }

  private static Duration checked(Duration wait) {
    if (wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0) {
      throw new InvalidRequestException(
          "A run can't be put off for " + wait + "; make it zero to 365 days.");
    }
    return wait;
  }

  @Override
  public void checkpoint(Object value) {
    if (connection != null) {
      throw new IllegalStateException(
          "Job \""
              + run.job()
              + "\" is transactional and can't leave checkpoints: what it has done until then would"
              + " be rolled back with the rest. Keep how far it has come in its own tables.");
    }
    byte[] written = desk.codec().write("checkpoint", run, value);
    Set<RequestKind> asked =
        desk.store()
            .checkpoints()
            .keep(run.guard(), run.fireTime(), written)
            .orElseThrow(() -> new ClaimLostException("checkpoint", run.toString()));
    if (asked.contains(RequestKind.CANCEL)) {
      run.stop(Run.Stop.CANCELLED);
    }
    if (asked.contains(RequestKind.PAUSE) || run.endsAtCheckpoint()) {
      throw run.yielded();
    }
  }

  @Override
  public <V> Optional<V> checkpoint(Class<V> type) {
    return desk.store()
        .checkpoints()
        .find(run.triggerId(), run.fireTime())
        .map(written -> read(written, type));
  }

  private <V> V read(byte[] written, Class<V> type) {
    try {
      return desk.codec().read(written, type);
    } catch (PayloadException e) {
      throw new PayloadException("The checkpoint of " + run + " was refused. " + e.getMessage(), e);
    }
  }

  @Override
  public void progress(long done, long total, String message) {
    desk.reporter().report(run, done, total, message);
  }

  @Override
  public Connection connection() {
    if (connection == null) {
      throw new IllegalStateException(
          "Job \""
              + run.job()
              + "\" isn't transactional; declare it so, and its runs have a connection.");
    }
    return connection;
  }

  /** For the handler's own logs. */
  @Override
  public String toString() {
    return run.toString();
  }
}
