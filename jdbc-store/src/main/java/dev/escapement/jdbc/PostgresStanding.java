package dev.escapement.jdbc;

import static dev.escapement.jdbc.Values.booleans;
import static dev.escapement.jdbc.Values.bytes;
import static dev.escapement.jdbc.Values.instants;
import static dev.escapement.jdbc.Values.ints;
import static dev.escapement.jdbc.Values.longs;
import static dev.escapement.jdbc.Values.texts;
import static dev.escapement.jdbc.Values.uuids;

import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.Spawn;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What becomes of standing triggers on PostgreSQL, apart from claims and their ends. */
final class PostgresStanding {

  private final PostgresSql sql;

  PostgresStanding(PostgresSql sql) {
    this.sql = sql;
  }

  Set<TriggerId> amend(Handle handle, List<Amendment> all) {
    return handle
        .createQuery(sql.amend)
        .bind("ids", uuids(all, amendment -> amendment.id().value()))
        .bind("versions", longs(all, Amendment::version))
        .bind("schedules", texts(all, Amendment::schedule))
        .bind("queues", texts(all, amendment -> placed(amendment, Placement::queue)))
        .bind("priorities", ints(all, PostgresStanding::priority))
        .bind("payloads", bytes(all, Amendment::payload))
        .bind("aimed", booleans(all, amendment -> amendment.aim() != null))
        .bind("fireTimes", instants(all, amendment -> aimed(amendment, Aim::fireTime)))
        .bind("dues", instants(all, amendment -> aimed(amendment, Aim::due)))
        .mapTo(UUID.class)
        .map(TriggerId::new)
        .set();
  }

  private static @Nullable Integer priority(Amendment amendment) {
    Priority priority = placed(amendment, Placement::priority);
    return priority == null ? null : Codes.of(priority);
  }

  private static <T> @Nullable T placed(
      Amendment amendment, Function<Placement, @Nullable T> part) {
    Placement placement = amendment.placement();
    return placement == null ? null : part.apply(placement);
  }

  private static @Nullable Instant aimed(
      Amendment amendment, Function<Aim, @Nullable Instant> part) {
    Aim aim = amendment.aim();
    return aim == null ? null : part.apply(aim);
  }

  boolean spawn(Handle handle, Spawn spawn) {
    List<Spawn.Child> children = spawn.children();
    return handle
            .createQuery(sql.spawn)
            .bind("parent", spawn.parent().value())
            .bind("version", spawn.version())
            .bind("lastFire", spawn.lastFire())
            .bind("fireTime", spawn.next().fireTime())
            .bind("due", spawn.next().due())
            .bind("missed", spawn.missed())
            .bind("ids", uuids(children, child -> child.id().value()))
            .bind("fireTimes", instants(children, Spawn.Child::fireTime))
            .bind("dues", instants(children, Spawn.Child::due))
            .bind("notRun", longs(children, Spawn.Child::missed))
            .mapTo(Integer.class)
            .one()
        == 1;
  }
}
