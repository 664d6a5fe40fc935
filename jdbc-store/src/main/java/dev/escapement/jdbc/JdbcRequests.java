package dev.escapement.jdbc;

import dev.escapement.TriggerId;
import dev.escapement.store.Request;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Requests;
import dev.escapement.store.SessionId;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is asked of triggers by whoever doesn't hold them. How it is written is the dialect's. */
final class JdbcRequests implements Requests {

  /** Bits 1 and 2 are what a holder should hear of. */
  static final String OF =
      """
      SELECT id, version, owner, request
      FROM escapement_trigger
      WHERE owner = :session AND state = 2 AND request <> 0
      """;

  private static final Set<RequestKind> HEARD = EnumSet.of(RequestKind.CANCEL, RequestKind.PAUSE);

  private final Database database;
  private final Dialect dialect;
  private final String of;

  JdbcRequests(Database database, Dialect dialect, Tables tables) {
    this.database = database;
    this.dialect = dialect;
    this.of = tables.in(OF);
  }

  @Override
  public Map<TriggerId, Answer> put(Collection<TriggerId> ids, Request request) {
    return ids.isEmpty() ? Map.of() : dialect.put(database, new TreeSet<>(ids), request);
  }

  @Override
  public List<Asked> of(SessionId session) {
    return database
        .read(
            "read requests",
            handle ->
                handle
                    .createQuery(of)
                    .bind("session", session.value())
                    .map(
                        (row, context) ->
                            new Asked(
                                Rows.guard(row), heard(Codes.requests(row.getInt("request")))))
                    .list())
        .stream()
        .filter(asked -> !asked.kinds().isEmpty())
        .toList();
  }

  private static Set<RequestKind> heard(Set<RequestKind> asked) {
    EnumSet<RequestKind> heard = EnumSet.copyOf(HEARD);
    heard.retainAll(asked);
    return heard;
  }
}
