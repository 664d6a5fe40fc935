package dev.escapement.jdbc;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.Spawn;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What becomes of standing triggers on H2, apart from claims and their ends. */
final class H2Standing {

  private final H2Sql sql;

  H2Standing(H2Sql sql) {
    this.sql = sql;
  }

  Set<TriggerId> amend(Handle handle, List<Amendment> amendments) {
    Set<TriggerId> amended = new HashSet<>();
    for (Amendment amendment : inOrderOfIds(amendments)) {
      TriggerRecord row = lock(handle, amendment.id(), amendment.version());
      if (row != null) {
        amend(handle, row, amendment);
        amended.add(row.id());
      }
    }
    return amended;
  }

  private static List<Amendment> inOrderOfIds(List<Amendment> amendments) {
    return amendments.stream().sorted(Comparator.comparing(Amendment::id)).toList();
  }

  private @Nullable TriggerRecord lock(Handle handle, TriggerId id, long version) {
    return handle
        .createQuery(sql.lock)
        .bind("id", id.value())
        .bind("version", version)
        .map(Rows::trigger)
        .findOne()
        .filter(row -> row.kind() == TriggerKind.STANDING)
        .orElse(null);
  }

  /** The holder of a claim goes on with the version and the fire that it has. */
  private void amend(Handle handle, TriggerRecord row, Amendment amendment) {
    boolean runs = row.state() == TriggerState.RUNNING;
    boolean other = !amendment.schedule().equals(row.schedule());
    Aim aim = runs ? null : amendment.aim();
    Placement placement = amendment.placement();
    byte[] payload = amendment.payload();
    handle
        .createUpdate(sql.amend)
        .bind("id", row.id().value())
        .bind("version", runs ? row.version() : row.version() + 1)
        .bind("stale", aim == null && (row.stale() || other))
        .bind("schedule", amendment.schedule())
        .bind("queue", first(placement == null ? null : placement.queue(), row.queue()))
        .bind(
            "priority",
            Codes.of(first(placement == null ? null : placement.priority(), row.priority())))
        .bind("payload", payload == null ? row.payload() : payload)
        .bind("fireTime", aim == null ? row.fireTime() : aim.fireTime())
        .bind("due", aim == null ? row.due() : aim.due())
        .bind("attempt", aim == null ? row.attempt() : 0)
        .bind("lost", aim == null ? row.lost() : 0)
        .execute();
  }

  private static <T> T first(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  boolean spawn(Handle handle, Spawn spawn) {
    TriggerRecord parent = lock(handle, spawn.parent(), spawn.version());
    if (parent == null || parent.state() != TriggerState.SCHEDULED || !parent.holds().isEmpty()) {
      return false;
    }
    insert(handle, parent, spawn.children());
    handle
        .createUpdate(sql.spawned)
        .bind("id", parent.id().value())
        .bind("lastFire", spawn.lastFire())
        .bind("fireTime", spawn.next().fireTime())
        .bind("due", spawn.next().due())
        .bind("missed", spawn.missed())
        .execute();
    return true;
  }

  /** Whoever holds the parent's row is the only one who can insert children of it. */
  private void insert(Handle handle, TriggerRecord parent, List<Spawn.Child> children) {
    if (children.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(sql.spawn);
    for (Spawn.Child child : children) {
      batch
          .bind("id", child.id().value())
          .bind("parent", parent.id().value())
          .bind("fireTime", child.fireTime())
          .bind("due", child.due())
          .bind("missed", child.missed())
          .bind("job", parent.job())
          .bind("queue", parent.queue())
          .bind("priority", Codes.of(parent.priority()))
          .bind("payload", parent.payload())
          .bind("headers", parent.headers())
          .add();
    }
    batch.execute();
  }
}
