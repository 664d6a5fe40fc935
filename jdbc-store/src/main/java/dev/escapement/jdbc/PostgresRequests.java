package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.at;
import static dev.escapement.jdbc.Values.in;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.TriggerId;
import dev.escapement.store.Request;
import dev.escapement.store.Requests.Answer;
import dev.escapement.store.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What is asked of triggers on PostgreSQL: one statement for any number. */
final class PostgresRequests {

  private final PostgresRequestSql sql;

  PostgresRequests(Tables tables) {
    this.sql = new PostgresRequestSql(tables);
  }

  Map<TriggerId, Answer> put(Handle handle, Collection<TriggerId> ids, Request request) {
    return Rows.scan(
        query(handle, request).bind("ids", uuids(ids, TriggerId::value)),
        (rows, context) -> answers(rows));
  }

  private Query query(Handle handle, Request request) {
    if (request instanceof Request.Cancel) {
      return handle.createQuery(sql.cancel).bind("nobody", SessionId.NONE.value());
    } else if (request instanceof Request.Pause) {
      return handle.createQuery(sql.pause);
    } else if (request instanceof Request.Resume) {
      return handle.createQuery(sql.resume);
    } else if (request instanceof Request.Reschedule reschedule) {
      return handle
          .createQuery(sql.reschedule)
          .bind("dueAt", at(reschedule.due()))
          .bind("dueIn", in(reschedule.due()));
    }
    return handle.createQuery(sql.runNow);
  }

  private static Map<TriggerId, Answer> answers(ResultSet rows) throws SQLException {
    Map<TriggerId, Answer> answers = new HashMap<>();
    while (rows.next()) {
      answers.put(
          new TriggerId(Values.uuid(rows, "id")),
          new Answer(
              result(rows.getString("word")),
              Codes.state(rows.getInt("state")),
              rows.getString("job"),
              rows.getString("job_key")));
    }
    return answers;
  }

  private static Answer.Result result(String word) {
    return switch (word) {
      case "asked" -> Answer.Result.REQUESTED;
      case "refused" -> Answer.Result.REFUSED;
      default -> Answer.Result.DONE;
    };
  }
}
