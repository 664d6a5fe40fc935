package dev.escapement.spring.actuate;

import dev.escapement.ExecutionFilter;
import dev.escapement.IllegalTransitionException;
import dev.escapement.InvalidRequestException;
import dev.escapement.JobStatus;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import dev.escapement.UnknownJobException;
import java.util.Optional;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The scheduler over HTTP. {@code GET /actuator/escapement} shows jobs, runs, nodes and queues;
 * {@code GET /actuator/escapement/NAME} one job; {@code POST /actuator/escapement/NAME} with {@code
 * {"action": "pause"}} decides about it: {@code pause}, {@code resume} or {@code run} (its schedule
 * fires now). Exposed where {@code management.endpoints.web.exposure.include} names it; {@code
 * management.endpoint.escapement.access=read-only} takes the decisions out. Whoever may reach it
 * may decide: put it behind the application's own security.
 */
@WebEndpoint(id = "escapement")
public final class EscapementEndpoint {

  private static final int CONFLICT = 409;

  /** Who has more jobs at once than that doesn't read them as JSON. */
  private static final int MOST_RUNS = 200;

  private final SchedulerClient client;

  /**
   * @param client the scheduler
   */
  public EscapementEndpoint(SchedulerClient client) {
    this.client = client;
  }

  /** All of it; at most 200 runs. Some reads of the store for each job. */
  @ReadOperation
  public Shown.Overview overview() {
    return new Shown.Overview(
        client.jobs().all().stream().map(this::shown).toList(),
        client
            .triggers()
            .list(TriggerFilter.all().state(TriggerState.RUNNING), MOST_RUNS)
            .items()
            .stream()
            .map(Shown.Run::of)
            .toList(),
        client.nodes().all().stream().map(Shown.Node::of).toList(),
        client.queues().all().stream().map(Shown.Queue::of).toList());
  }

  /** One job; 404 if the cluster doesn't know it. */
  @ReadOperation
  public WebEndpointResponse<?> job(@Selector String job) {
    Optional<JobStatus> known = client.jobs().find(job);
    return known.isPresent()
        ? new WebEndpointResponse<>(shown(known.get()))
        : refused(new UnknownJobException(job), WebEndpointResponse.STATUS_NOT_FOUND);
  }

  /**
   * Decides about a job. Answers with how the job is then; with 404 if the cluster doesn't know it,
   * 400 if it can't do that, and 409 if it can't now.
   *
   * @param action {@code pause}, {@code resume} or {@code run}
   */
  @WriteOperation
  public WebEndpointResponse<?> decide(@Selector String job, String action) {
    try {
      switch (action) {
        case "pause" -> client.jobs().pause(job);
        case "resume" -> client.jobs().resume(job);
        case "run" -> run(job);
        default ->
            throw new InvalidRequestException(
                "\"" + action + "\" is no action; use \"pause\", \"resume\" or \"run\".");
      }
    } catch (UnknownJobException e) {
      return refused(e, WebEndpointResponse.STATUS_NOT_FOUND);
    } catch (InvalidRequestException e) {
      return refused(e, WebEndpointResponse.STATUS_BAD_REQUEST);
    } catch (IllegalTransitionException e) {
      return refused(e, CONFLICT);
    }
    return job(job);
  }

  private void run(String job) {
    Optional<TriggerStatus> standing = client.triggers().findStanding(job);
    if (standing.isPresent()) {
      client.triggers().runNow(standing.get().id());
    } else if (client.jobs().find(job).isEmpty()) {
      throw new UnknownJobException(job);
    } else {
      throw new InvalidRequestException(
          "Job \"" + job + "\" has no schedule that could fire now; enqueue a request for it.");
    }
  }

  private Shown.Job shown(JobStatus job) {
    return Shown.Job.of(
        job,
        job.schedule().flatMap(any -> client.triggers().findStanding(job.name())),
        client.executions().list(ExecutionFilter.ofJob(job.name()), 1).items().stream()
            .findFirst());
  }

  private static WebEndpointResponse<Shown.Refusal> refused(RuntimeException why, int status) {
    return new WebEndpointResponse<>(new Shown.Refusal(String.valueOf(why.getMessage())), status);
  }
}
