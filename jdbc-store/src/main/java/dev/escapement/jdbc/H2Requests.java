package dev.escapement.jdbc;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Request;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Requests.Answer;
import dev.escapement.store.SessionId;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** What is asked of triggers on H2: lock a row, then ask its holder or change it. */
final class H2Requests {

  private final H2RequestSql sql;

  H2Requests(Tables tables) {
    this.sql = new H2RequestSql(tables);
  }

  Map<TriggerId, Answer> put(Handle handle, Collection<TriggerId> ids, Request request) {
    Instant now = Values.now(handle);
    Map<TriggerId, Answer> answers = new HashMap<>();
    boolean heard = false;
    for (TriggerId id : ids.stream().distinct().sorted().toList()) {
      TriggerRecord row = lock(handle, id);
      if (row == null) {
        continue;
      }
      boolean runs = row.state() == TriggerState.RUNNING;
      Answer.Result result =
          runs ? ask(handle, row, request, now) : change(handle, row, request, now);
      heard |= runs && result != Answer.Result.REFUSED && isHeard(request);
      answers.put(id, new Answer(result, row.state(), row.job(), row.key()));
    }
    if (heard) {
      handle.execute(sql.raise);
    }
    return answers;
  }

  private @Nullable TriggerRecord lock(Handle handle, TriggerId id) {
    return handle
        .createQuery(sql.lock)
        .bind("id", id.value())
        .map(Rows::trigger)
        .findOne()
        .orElse(null);
  }

  private static boolean isHeard(Request request) {
    return request instanceof Request.Cancel
        || request instanceof Request.Pause
        || request instanceof Request.Resume;
  }

  private Answer.Result ask(Handle handle, TriggerRecord row, Request request, Instant now) {
    if (request instanceof Request.Cancel) {
      update(handle, sql.askToCancel, row).execute();
    } else if (request instanceof Request.Pause) {
      update(handle, sql.askToPause, row).execute();
    } else if (request instanceof Request.Resume) {
      if (!row.requests().contains(RequestKind.PAUSE)) {
        return Answer.Result.REFUSED;
      }
      update(handle, sql.takePauseBack, row).execute();
      return Answer.Result.DONE;
    } else if (request instanceof Request.Reschedule reschedule) {
      askForDue(handle, row, RequestKind.RESCHEDULE, reschedule.due().resolve(now));
    } else {
      askForDue(handle, row, RequestKind.AGAIN, now);
    }
    return Answer.Result.REQUESTED;
  }

  private void askForDue(Handle handle, TriggerRecord row, RequestKind kind, Instant due) {
    update(handle, sql.askForDue, row).bind("kind", kind.bit()).bind("due", due).execute();
  }

  private Answer.Result change(Handle handle, TriggerRecord row, Request request, Instant now) {
    boolean paused = row.state() == TriggerState.PAUSED;
    if (request instanceof Request.Cancel) {
      return cancel(handle, row);
    } else if (request instanceof Request.Pause) {
      if (!paused) {
        update(handle, sql.pause, row).execute();
      }
    } else if (request instanceof Request.Resume) {
      if (!paused) {
        return Answer.Result.REFUSED;
      }
      update(handle, sql.resume, row).execute();
    } else if (request instanceof Request.Reschedule reschedule) {
      if (row.due() == null) {
        return Answer.Result.REFUSED;
      }
      reschedule(handle, row, reschedule.due().resolve(now));
    } else {
      if (paused) {
        return Answer.Result.REFUSED;
      }
      runNow(handle, row, now);
    }
    return Answer.Result.DONE;
  }

  private Answer.Result cancel(Handle handle, TriggerRecord row) {
    if (row.due() == null) {
      return Answer.Result.REFUSED;
    }
    update(handle, sql.record, row).bind("nobody", SessionId.NONE.value()).execute();
    boolean goes = row.kind() == TriggerKind.ONE_TIME;
    update(handle, goes ? sql.remove : sql.cancel, row).execute();
    forget(handle, row);
    return Answer.Result.DONE;
  }

  private void runNow(Handle handle, TriggerRecord row, Instant now) {
    Instant due = row.due();
    Instant fireTime = row.fireTime();
    boolean fired = due != null && fireTime != null && !fireTime.isAfter(now);
    if (row.kind() == TriggerKind.ONE_TIME || fired) {
      reschedule(handle, row, due != null && due.isBefore(now) ? due : now);
    } else {
      update(handle, sql.fireNow, row).execute();
      forget(handle, row);
    }
  }

  private void reschedule(Handle handle, TriggerRecord row, Instant due) {
    update(handle, sql.reschedule, row).bind("due", due).execute();
  }

  private void forget(Handle handle, TriggerRecord row) {
    handle.createUpdate(sql.forget).bind("trigger", row.id().value()).execute();
  }

  private static Update update(Handle handle, String statement, TriggerRecord row) {
    return handle.createUpdate(statement).bind("id", row.id().value());
  }
}
