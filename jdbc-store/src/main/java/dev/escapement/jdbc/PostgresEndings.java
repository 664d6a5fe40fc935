package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.at;
import static dev.escapement.jdbc.Values.booleans;
import static dev.escapement.jdbc.Values.bytes;
import static dev.escapement.jdbc.Values.in;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.longs;
import static dev.escapement.jdbc.Values.micros;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.TriggerId;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Next;
import dev.escapement.store.SessionId;
import dev.escapement.store.StoreException;
import dev.escapement.store.UnknownCommitException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How claims end on PostgreSQL: one statement for any number. What goes as usual has one of its
 * own, which takes half of the time.
 */
final class PostgresEndings {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresEndings.class);

  private static final String WHAT = "complete triggers";

  /**
   * So many that go as usual are worth a statement of their own, and a transaction, beside others.
   */
  private static final int WORTHWHILE = 20;

  private final PostgresEndSql sql;

  PostgresEndings(Tables tables) {
    this.sql = new PostgresEndSql(tables);
  }

  /** Completes; what is busy is missing like what is lost. */
  Ended complete(
      Database database, List<Completion> all, BiFunction<Handle, Ended, Ended> afterwards) {
    SessionId owner = all.get(0).guard().owner();
    List<Completion> plain = new ArrayList<>();
    List<Completion> rest = new ArrayList<>();
    all.forEach(end -> (isPlain(end, owner) ? plain : rest).add(end));
    if (plain.size() < rest.size() || (plain.size() < WORTHWHILE && !rest.isEmpty())) {
      return database.write(
          WHAT, handle -> afterwards.apply(handle, end(sql.complete.query(handle), all)));
    }
    return rest.isEmpty()
        ? completePlain(database, plain, afterwards)
        : database.transact(WHAT, handle -> completeMixed(handle, plain, rest), afterwards);
  }

  /** Whether nothing is left of the trigger but what the history says, as usual. */
  private static boolean isPlain(Completion end, SessionId owner) {
    return end.next() instanceof Next.Remove
        && end.ending().failure() == null
        && !end.ending().keepPayload()
        && end.guard().owner().equals(owner);
  }

  private Ended completeMixed(Handle handle, List<Completion> plain, List<Completion> rest) {
    Removed removed = remove(handle, plain);
    List<Completion> left = removed.and(rest, plain);
    return with(removed.ids(), end(sql.complete.query(handle), left));
  }

  /** One statement, unless somebody wants a trigger to run again. */
  private Ended completePlain(
      Database database, List<Completion> plain, BiFunction<Handle, Ended, Ended> afterwards) {
    Removed[] first = new Removed[1];
    Ended ended =
        database.write(
            WHAT,
            handle -> {
              Removed removed = remove(handle, plain);
              first[0] = removed;
              Ended known = new Ended(removed.ids(), Map.of());
              return removed.again().isEmpty() ? afterwards.apply(handle, known) : known;
            });
    return first[0].again().isEmpty() ? ended : endAgain(database, first[0], plain, afterwards);
  }

  /**
   * Whatever comes of these, the others are gone: what keeps these from it mustn't throw doubt on
   * them. All that is left is tried again, as if somebody held it.
   */
  private Ended endAgain(
      Database database,
      Removed removed,
      List<Completion> plain,
      BiFunction<Handle, Ended, Ended> afterwards) {
    List<Completion> again = removed.and(List.of(), plain);
    try {
      return database.write(
          WHAT,
          handle ->
              afterwards.apply(
                  handle, with(removed.ids(), end(sql.complete.query(handle), again))));
    } catch (UnknownCommitException e) {
      throw e;
    } catch (StoreException e) {
      LOG.debug("Triggers that are to run again are ended later", e);
      Set<TriggerId> left =
          plain.stream()
              .map(end -> end.guard().id())
              .filter(id -> !removed.ids().contains(id))
              .collect(Collectors.toSet());
      return new Ended(removed.ids(), Map.of(), left);
    }
  }

  /**
   * What came of removing.
   *
   * @param ids what is gone
   * @param again what is there, because it is to run once more
   */
  private record Removed(Set<TriggerId> ids, Set<TriggerId> again) {

    /** These, and those that are to run once more. */
    List<Completion> and(List<Completion> others, List<Completion> plain) {
      List<Completion> both = new ArrayList<>(others);
      plain.stream().filter(end -> again.contains(end.guard().id())).forEach(both::add);
      return both;
    }
  }

  private static Ended with(Set<TriggerId> removed, Ended ended) {
    Set<TriggerId> written = new HashSet<>(removed);
    written.addAll(ended.written());
    return new Ended(written, ended.turned());
  }

  private Removed remove(Handle handle, List<Completion> plain) {
    Query query =
        sql.remove
            .query(handle)
            .bind("ids", uuids(plain, end -> end.guard().id().value()))
            .bind("versions", longs(plain, end -> end.guard().version()))
            .bind("owner", plain.get(0).guard().owner().value())
            .bind("outcomes", ints(plain, end -> Codes.of(end.ending().outcome())))
            .bind("started", longs(plain, end -> micros(end.ending().startedAt())))
            .bind("ended", longs(plain, end -> micros(end.ending().endedAt())))
            .bind("results", bytes(plain, end -> end.ending().result()))
            .bind("recorded", booleans(plain, end -> end.ending().recorded()));
    return Rows.scan(query, (rows, context) -> removed(rows));
  }

  private static Removed removed(ResultSet rows) throws SQLException {
    Removed removed = new Removed(new HashSet<>(), new HashSet<>());
    while (rows.next()) {
      TriggerId id = new TriggerId(Values.uuid(rows, "id"));
      (rows.getBoolean("again") ? removed.again() : removed.ids()).add(id);
    }
    return removed;
  }

  /** Completes one, for whose row it waits for a while. */
  Ended completeInTurn(Database database, Completion completion) {
    return database.transact(
        "complete a trigger in its turn",
        handle -> {
          waitNoLongerThan(handle, Dialect.TURN);
          return end(handle.createQuery(sql.completeWaiting), List.of(completion));
        });
  }

  /** For each lock of the transaction. */
  private static void waitNoLongerThan(Handle handle, Duration lock) {
    handle
        .createQuery("SELECT set_config('lock_timeout', :lock, TRUE)")
        .bind("lock", Long.toString(lock.toMillis()))
        .mapTo(String.class)
        .one();
  }

  /** Completes in the handle's transaction. Waits for locks. */
  Ended complete(Handle handle, List<Completion> completions) {
    return end(handle.createQuery(sql.completeWaiting), completions);
  }

  /** Takes over; what is busy is missing like what is lost. */
  Ended takeOver(Database database, List<Completion> completions) {
    return database.write(
        "take triggers over", handle -> end(handle.createQuery(sql.takeOver), completions));
  }

  /**
   * @param statement which rows to end, and how to lock them
   */
  private static Ended end(Query statement, List<Completion> all) {
    Query query =
        statement
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
            .bind("recorded", booleans(all, end -> end.ending().recorded()));
    return Rows.scan(query, (rows, context) -> ended(rows));
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
