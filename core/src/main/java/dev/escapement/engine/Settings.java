package dev.escapement.engine;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.ExecutionInterceptor;
import dev.escapement.PayloadCodec;
import dev.escapement.TransitionListener;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the builder says to the engine.
 *
 * @param identity who the node is
 * @param timing how often and how long
 * @param workers who runs the handlers
 * @param limits how much
 * @param groupCommit which outcomes share a commit
 * @param hooks what the application plugs in
 */
public record Settings(
    Identity identity,
    Timing timing,
    Workers workers,
    Limits limits,
    GroupCommit groupCommit,
    Hooks hooks) {

  /**
   * Who the node is.
   *
   * @param node its name, for people
   * @param applicationVersion the version of the application, or empty
   */
  public record Identity(String node, String applicationVersion) {}

  /**
   * How often and how long.
   *
   * @param heartbeat between two beats of the session
   * @param lease how long a session is trusted without a beat
   * @param poll the longest sleep between two claims
   * @param stopGrace how long {@code close()} waits for what runs
   */
  public record Timing(Duration heartbeat, Duration lease, Duration poll, Duration stopGrace) {

    /** How many looks at the same beat it takes to call a session dead, besides a whole lease. */
    public static final int LOOKS = 3;

    /**
     * The part of a lease by which a node distrusts itself before others may. An observer calls a
     * session dead no sooner than one lease after it saw the beat, and it saw the beat after it was
     * sent; what the margin has to cover is how far two nanosecond clocks drift apart within a
     * lease (500 ppm: 10 ms of 20 s) and how late a thread may wake up to notice. A tenth, 2 s of
     * 20 s, covers both a hundred times over.
     */
    public Duration margin() {
      return lease.dividedBy(10);
    }
  }

  /**
   * Who runs the handlers.
   *
   * @param serving of which queues, and how many
   * @param threads what kind of threads
   * @param executor the application's own; null for threads of the engine's
   */
  public record Workers(Serving serving, Threads threads, @Nullable Executor executor) {

    /** What kind of threads. */
    public enum Threads {
      /** Bounded pools of platform threads. */
      PLATFORM,
      /** A virtual thread for each run. */
      VIRTUAL,
      /** The application's executor. */
      OWN
    }
  }

  /**
   * How much.
   *
   * @param payloadBytes the largest payload
   * @param quarantineAfter how many nodes a trigger may kill before it is taken out of service
   * @param history how long executions are kept
   * @param historyPerJob how many executions of each job are kept
   */
  public record Limits(
      int payloadBytes, int quarantineAfter, Duration history, OptionalInt historyPerJob) {

    /** The largest payload where nothing else is said: what a row carries without harm. */
    public static final int PAYLOAD_BYTES = 64 * 1024;
  }

  /**
   * Which outcomes share a commit, where one isn't the only thing that goes on.
   *
   * @param outcomes how many are enough
   * @param delay how long the first of them waits for others
   */
  public record GroupCommit(int outcomes, Duration delay) {

    /** As many as one statement writes at most. */
    public static final int MOST = 500;

    /**
     * Where nothing else is said: some commits of a database long, which is enough to share one and
     * too short to be noticed.
     */
    public static final GroupCommit DEFAULT = new GroupCommit(MOST, Duration.ofMillis(5));
  }

  /**
   * What the application plugs in.
   *
   * @param codec writes and reads payloads
   * @param listeners hear of transitions
   * @param interceptors go around handlers, the first one outermost
   * @param enqueueInterceptors see requests, in this order
   * @param waitForStore whether {@code start()} returns although the store can't be reached
   */
  public record Hooks(
      PayloadCodec codec,
      List<TransitionListener> listeners,
      List<ExecutionInterceptor> interceptors,
      List<EnqueueInterceptor> enqueueInterceptors,
      boolean waitForStore) {}
}
