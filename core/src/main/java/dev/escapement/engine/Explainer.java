package dev.escapement.engine;

import dev.escapement.Count;
import dev.escapement.Explanation;
import dev.escapement.Explanation.Reason;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.schedule.Durations;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Queues;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out why a trigger doesn't run. Some small reads of the store; no thread of its own. */
final class Explainer {

  /** What is due for longer than that has been stepped over by polls that had no room for it. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final Store store;

  Explainer(Store store) {
    this.store = store;
  }

  Explanation explain(TriggerId id) {
    Optional<TriggerRecord> live = store.triggers().find(id);
    return live.isEmpty() ? gone(id) : explain(live.get());
  }

  private Explanation gone(TriggerId id) {
    List<ExecutionRecord> executions = store.history().of(id);
    if (executions.isEmpty() || !Awaiting.isLast(executions.get(executions.size() - 1))) {
      return new Explanation(
          id, Reason.GONE, "There is no trigger " + id + ", and no execution of it is kept.");
    }
    ExecutionRecord last = executions.get(executions.size() - 1);
    return new Explanation(
        id,
        Reason.GONE,
        "Trigger %s of job \"%s\" has ended: %s at %s after %d attempts."
            .formatted(id, last.job(), last.outcome(), last.endedAt(), last.attempt()));
  }

  private Explanation explain(TriggerRecord row) {
    Instant now = store.now();
    if (row.state() == TriggerState.RUNNING) {
      return because(row, Reason.RUNNING, running(row, now));
    }
    if (row.state() == TriggerState.PAUSED) {
      String why = row.reason() == null ? "by a person." : "by a rule: " + row.reason();
      return because(row, Reason.PAUSED, "is paused " + why + " Resume it.");
    }
    Explanation byJob = byJob(row);
    if (byJob != null) {
      return byJob;
    }
    List<SessionRecord> serving = serving(row.queue());
    Explanation byQueue = byQueue(row, serving);
    if (byQueue != null) {
      return byQueue;
    }
    Instant due = row.due();
    if (due == null) {
      return because(
          row,
          Reason.NEVER_DUE,
          row.stale()
              ? "waits for a node to find its next fire."
              : "recurs and never fires again.");
    }
    return due.isAfter(now)
        ? because(row, Reason.NOT_DUE, notDue(row, due, now))
        : waiting(row, due, now, serving);
  }

  private static Explanation because(TriggerRecord row, Reason reason, String rest) {
    String key = Run.ownKey(row.key()).map(own -> ", key \"" + own + "\",").orElse("");
    return new Explanation(
        row.id(),
        reason,
        "Trigger %s of job \"%s\"%s %s".formatted(row.id(), row.job(), key, rest));
  }

  private String running(TriggerRecord row, Instant now) {
    String node =
        store.sessions().all().stream()
            .filter(session -> session.id().equals(row.owner()))
            .map(SessionRecord::node)
            .findFirst()
            .orElse("a node that is gone");
    Instant since = row.claimedAt();
    String asked =
        row.requests().isEmpty()
            ? "."
            : ", and is asked to "
                + row.requests().stream().sorted().map(Enum::name).collect(Collectors.joining(", "))
                + " when that has ended.";
    return "runs on %s%s, attempt %d%s"
        .formatted(node, since == null ? "" : " since " + shown(since, now), row.attempt(), asked);
  }

  private @Nullable Explanation byJob(TriggerRecord row) {
    Optional<JobRecord> job =
        store.jobs().all().stream().filter(each -> each.name().equals(row.job())).findFirst();
    if (job.isPresent() && job.get().paused()) {
      return because(row, Reason.JOB_PAUSED, "waits: its job is paused. Resume the job.");
    }
    if (job.isEmpty() || job.get().sessions() == 0) {
      long live = store.sessions().all().stream().filter(SessionRecord::live).count();
      return because(
          row,
          Reason.NO_HANDLER,
          "waits: none of %d live nodes has a handler for its job.".formatted(live));
    }
    return null;
  }

  private @Nullable Explanation byQueue(TriggerRecord row, List<SessionRecord> serving) {
    if (store.queues().paused().contains(row.queue())) {
      return because(
          row,
          Reason.QUEUE_PAUSED,
          "waits: queue \"%s\" is paused. Resume the queue.".formatted(row.queue()));
    }
    if (serving.isEmpty()) {
      return because(
          row,
          Reason.QUEUE_NOT_SERVED,
          "waits: no live node serves queue \"%s\".".formatted(row.queue()));
    }
    return null;
  }

  private List<SessionRecord> serving(String queue) {
    return store.sessions().all().stream()
        .filter(session -> session.live() && session.queues().contains(queue))
        .toList();
  }

  private static String notDue(TriggerRecord row, Instant due, Instant now) {
    String attempt = row.attempt() == 0 ? "" : " for attempt " + (row.attempt() + 1);
    return "is due in %s%s, at %s.".formatted(shown(now, due), attempt, due);
  }

  private Explanation waiting(
      TriggerRecord row, Instant due, Instant now, List<SessionRecord> serving) {
    Queues.Depth depth = store.queues().depth(row.queue(), Count.CAP);
    int workers = serving.stream().mapToInt(session -> session.load().workers()).sum();
    int running = serving.stream().mapToInt(session -> session.load().running()).sum();
    boolean full = running >= workers || Duration.between(due, now).compareTo(SOON) > 0;
    return because(
        row,
        full ? Reason.SLOTS_FULL : Reason.ABOUT_TO_RUN,
        "is due since %s and %s: %s are due in queue \"%s\"; the %d nodes that serve it run %d jobs"
                .formatted(
                    shown(due, now),
                    full ? "waits for a worker" : "is about to run",
                    Count.of(depth.due()),
                    row.queue(),
                    serving.size(),
                    running)
            + " with %d workers.".formatted(workers));
  }

  private static String shown(Instant from, Instant until) {
    return Durations.format(rounded(Duration.between(from, until)));
  }

  /** Whoever waits for minutes doesn't care for milliseconds. */
  private static Duration rounded(Duration span) {
    Duration positive = span.isNegative() ? Duration.ZERO : span;
    return positive.truncatedTo(
        positive.compareTo(Duration.ofSeconds(10)) < 0 ? ChronoUnit.MILLIS : ChronoUnit.SECONDS);
  }
}
