package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.at;
import static dev.escapement.jdbc.Values.booleans;
import static dev.escapement.jdbc.Values.bytes;
import static dev.escapement.jdbc.Values.in;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.longs;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.TriggerId;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Next;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** How claims end on PostgreSQL: one statement for any number. */
final class PostgresEndings {

  /**
   * @param statement which rows to end, and how to lock them
   */
  Ended end(Handle handle, String statement, List<Completion> all) {
    return handle
        .createQuery(statement)
        .bind("ids", uuids(all, end -> end.guard().id().value()))
        .bind("versions", longs(all, end -> end.guard().version()))
        .bind("owners", uuids(all, end -> end.guard().owner().value()))
        .bind("next", texts(all, end -> word(end.next())))
        .bind("dueAt", instants(all, end -> at(due(end.next()))))
        .bind("dueIn", texts(all, end -> in(due(end.next()))))
        .bind("fireAt", instants(all, end -> at(fireTime(end.next()))))
        .bind("fireIn", texts(all, end -> in(fireTime(end.next()))))
        .bind("missed", longs(all, end -> missed(end.next())))
        .bind("reasons", texts(all, end -> reason(end.next())))
        .bind("outcomes", ints(all, end -> Codes.of(end.ending().outcome())))
        .bind("started", instants(all, end -> end.ending().startedAt()))
        .bind("ended", instants(all, end -> end.ending().endedAt()))
        .bind("types", failures(all, Failure::type))
        .bind("messages", failures(all, Failure::message))
        .bind("traces", failures(all, Failure::trace))
        .bind("keep", booleans(all, end -> end.ending().keepPayload()))
        .bind("results", bytes(all, end -> end.ending().result()))
        .bind("recorded", booleans(all, end -> end.ending().recorded()))
        .scanResultSet((rows, context) -> ended(rows.get()));
  }

  private static Ended ended(ResultSet rows) throws SQLException {
    Set<TriggerId> written = new HashSet<>();
    Map<TriggerId, Ended.Turn> turned = new HashMap<>();
    while (rows.next()) {
      TriggerId id = new TriggerId(Values.uuid(rows, "id"));
      written.add(id);
      if (rows.getBoolean("turned")) {
        int state = rows.getInt("state");
        boolean gone = rows.wasNull();
        turned.put(
            id,
            new Ended.Turn(
                Codes.outcome(rows.getInt("outcome")),
                gone ? null : Codes.state(state),
                Values.instant(rows, "due")));
      }
    }
    return new Ended(written, turned);
  }

  private static String word(Next next) {
    if (next instanceof Next.Remove) {
      return "remove";
    } else if (next instanceof Next.Retry) {
      return "retry";
    } else if (next instanceof Next.Recover) {
      return "recover";
    } else if (next instanceof Next.Release) {
      return "release";
    } else if (next instanceof Next.Fire) {
      return "fire";
    }
    return "pause";
  }

  private static @Nullable Due due(Next next) {
    if (next instanceof Next.Retry retry) {
      return retry.due();
    } else if (next instanceof Next.Release release) {
      return release.due();
    } else if (next instanceof Next.Fire fire) {
      return fire.due();
    }
    return null;
  }

  private static @Nullable Due fireTime(Next next) {
    return next instanceof Next.Fire fire ? fire.fireTime() : null;
  }

  private static long missed(Next next) {
    return next instanceof Next.Fire fire ? fire.missed() : 0;
  }

  private static @Nullable String reason(Next next) {
    return next instanceof Next.Pause pause ? pause.reason() : null;
  }

  private static Argument failures(List<Completion> all, Function<Failure, String> part) {
    return texts(
        all,
        end -> {
          Failure failure = end.ending().failure();
          return failure == null ? null : part.apply(failure);
        });
  }
}
