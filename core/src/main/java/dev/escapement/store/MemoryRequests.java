package dev.escapement.store;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class MemoryRequests implements Requests {

  private final MemoryTables tables;

  MemoryRequests(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public Map<TriggerId, Answer> put(Collection<TriggerId> ids, Request request) {
    return tables.atomically(
        () -> {
          Instant now = tables.now();
          Map<TriggerId, Answer> answers = new LinkedHashMap<>();
          for (TriggerId id : Set.copyOf(ids)) {
            MemoryTrigger trigger = tables.trigger(id);
            if (trigger != null) {
              TriggerState before = trigger.state();
              Answer.Result result =
                  before == TriggerState.RUNNING
                      ? ask(trigger, request, now)
                      : change(trigger, request, now);
              answers.put(id, new Answer(result, before, trigger.job, trigger.key));
            }
          }
          return answers;
        });
  }

  private Answer.Result ask(MemoryTrigger running, Request request, Instant now) {
    if (request instanceof Request.Cancel) {
      running.asked.cancel();
      tables.requests++;
    } else if (request instanceof Request.Pause) {
      running.asked.pause();
      tables.requests++;
    } else if (request instanceof Request.Resume) {
      if (!running.asked.resume()) {
        return Answer.Result.REFUSED;
      }
      tables.requests++;
      return Answer.Result.DONE;
    } else if (request instanceof Request.Reschedule reschedule) {
      running.asked.reschedule(reschedule.due().resolve(now));
    } else {
      running.asked.again(now);
    }
    return Answer.Result.REQUESTED;
  }

  private Answer.Result change(MemoryTrigger waiting, Request request, Instant now) {
    boolean paused = waiting.state() == TriggerState.PAUSED;
    if (request instanceof Request.Cancel) {
      return cancel(waiting, now);
    } else if (request instanceof Request.Pause) {
      if (!paused) {
        tables.change(waiting, row -> row.pause(null));
      }
    } else if (request instanceof Request.Resume) {
      if (!paused) {
        return Answer.Result.REFUSED;
      }
      tables.change(waiting, MemoryTrigger::resume);
    } else if (request instanceof Request.Reschedule reschedule) {
      if (waiting.due() == null) {
        return Answer.Result.REFUSED;
      }
      tables.change(waiting, row -> row.reschedule(reschedule.due().resolve(now)));
    } else {
      if (paused) {
        return Answer.Result.REFUSED;
      }
      runNow(waiting, now);
    }
    return Answer.Result.DONE;
  }

  private Answer.Result cancel(MemoryTrigger waiting, Instant now) {
    if (waiting.due() == null) {
      return Answer.Result.REFUSED;
    }
    ExecutionRecord execution = waiting.toCancelled(now);
    if (waiting.kind == TriggerKind.ONE_TIME) {
      tables.remove(waiting);
    } else {
      tables.change(waiting, MemoryTrigger::cancel);
    }
    tables.checkpoints.remove(waiting.id);
    tables.executions.put(execution.key(), execution);
    return Answer.Result.DONE;
  }

  private static Instant earlier(@Nullable Instant due, Instant now) {
    return due != null && due.isBefore(now) ? due : now;
  }

  private void runNow(MemoryTrigger waiting, Instant now) {
    if (waiting.kind == TriggerKind.ONE_TIME || waiting.hasFired(now)) {
      tables.change(waiting, row -> row.reschedule(earlier(row.due(), now)));
    } else {
      tables.change(waiting, row -> row.fireAt(now));
      tables.checkpoints.remove(waiting.id);
    }
  }

  @Override
  public List<Asked> of(SessionId session) {
    return tables.atomically(
        () ->
            tables.running.in(session).stream()
                .map(trigger -> new Asked(trigger.guard(), toHear(trigger)))
                .filter(asked -> !asked.kinds().isEmpty())
                .toList());
  }

  private static Set<RequestKind> toHear(MemoryTrigger running) {
    Set<RequestKind> kinds = EnumSet.of(RequestKind.CANCEL, RequestKind.PAUSE);
    kinds.retainAll(running.asked.kinds());
    return kinds;
  }
}
