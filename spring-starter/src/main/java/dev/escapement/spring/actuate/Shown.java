package dev.escapement.spring.actuate;

import dev.escapement.Execution;
import dev.escapement.JobStatus;
import dev.escapement.NodeStatus;
import dev.escapement.QueueStatus;
import dev.escapement.TriggerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint answers with. Plain texts and numbers, so that each Jackson writes them the
 * same: instants in ISO-8601, what isn't there is left out.
 */
public final class Shown {

  private Shown() {}

  private static @Nullable String text(Optional<?> value) {
    return value.map(Object::toString).orElse(null);
  }

  /**
   * Everything.
   *
   * @param jobs all jobs that the cluster knows, by name
   * @param running what runs now, wherever it does
   * @param nodes the nodes, the live ones first
   * @param queues the queues, by name
   */
  public record Overview(List<Job> jobs, List<Run> running, List<Node> nodes, List<Queue> queues)
      implements OperationResponseBody {}

  /**
   * A job.
   *
   * @param name its name
   * @param queue where its triggers wait
   * @param schedule the schedule in force, if it recurs
   * @param overridden whether a person put that schedule in the declared one's place
   * @param paused whether a person took it out of service
   * @param nodes how many live nodes have a handler for it
   * @param state of its standing trigger, if it recurs
   * @param nextFire when it runs next, if it recurs
   * @param last how its latest attempt ended, if one is kept
   */
  public record Job(
      String name,
      String queue,
      @Nullable String schedule,
      boolean overridden,
      boolean paused,
      int nodes,
      @Nullable String state,
      @Nullable String nextFire,
      @Nullable Last last)
      implements OperationResponseBody {

    static Job of(JobStatus job, Optional<TriggerStatus> standing, Optional<Execution> last) {
      return new Job(
          job.name(),
          job.queue(),
          text(job.override().or(job::schedule)),
          job.override().isPresent(),
          job.paused(),
          job.nodes(),
          text(standing.map(TriggerStatus::state)),
          text(standing.flatMap(TriggerStatus::due)),
          last.map(Last::of).orElse(null));
    }
  }

  /**
   * How an attempt ended.
   *
   * @param outcome its outcome
   * @param endedAt when it ended
   * @param attempt which attempt it was
   * @param node who ran it
   * @param failure the first line of why it failed, if it did
   */
  public record Last(
      String outcome, String endedAt, int attempt, String node, @Nullable String failure) {

    static Last of(Execution execution) {
      return new Last(
          execution.outcome().toString(),
          execution.endedAt().toString(),
          execution.attempt(),
          execution.node(),
          execution
              .failure()
              .map(failure -> failure.type() + ": " + failure.message())
              .orElse(null));
    }
  }

  /**
   * What runs.
   *
   * @param trigger its identity
   * @param job its job
   * @param key its key, if it has one
   * @param queue its queue
   * @param attempt which attempt
   * @param since when it was claimed
   */
  public record Run(
      String trigger,
      String job,
      @Nullable String key,
      String queue,
      int attempt,
      @Nullable String since) {

    static Run of(TriggerStatus trigger) {
      return new Run(
          trigger.id().toString(),
          trigger.job(),
          text(trigger.key()),
          trigger.queue(),
          trigger.attempt(),
          text(trigger.claimedAt()));
    }
  }

  /**
   * A node's session.
   *
   * @param name the node's name
   * @param session the session's identity
   * @param version the application's version, or empty
   * @param live whether others count on it
   * @param queues the queues that it serves
   * @param workers how many jobs it may run at once
   * @param running how many it ran at its last heartbeat
   * @param since when it began
   */
  public record Node(
      String name,
      String session,
      String version,
      boolean live,
      Set<String> queues,
      int workers,
      int running,
      String since) {

    static Node of(NodeStatus node) {
      return new Node(
          node.name(),
          node.session(),
          node.applicationVersion(),
          node.live(),
          node.queues(),
          node.workers(),
          node.running(),
          node.startedAt().toString());
    }
  }

  /**
   * A queue.
   *
   * @param name its name
   * @param paused whether a person took it out of service
   * @param nodes how many live nodes serve it
   * @param due how many triggers are due in it, in words: {@code 17}, {@code 10,000+}
   * @param oldestDueSeconds how long the first of them has been due
   */
  public record Queue(
      String name, boolean paused, int nodes, String due, @Nullable Double oldestDueSeconds) {

    static Queue of(QueueStatus queue) {
      return new Queue(
          queue.name(),
          queue.paused(),
          queue.nodes(),
          queue.due().toString(),
          queue.oldestDue().map(Duration::toMillis).map(millis -> millis / 1e3).orElse(null));
    }
  }

  /**
   * Why a request was refused.
   *
   * @param error in words
   */
  public record Refusal(String error) implements OperationResponseBody {}
}
