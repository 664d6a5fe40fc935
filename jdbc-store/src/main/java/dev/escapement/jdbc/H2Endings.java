package dev.escapement.jdbc;

import dev.escapement.Due;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.Failure;
import dev.escapement.store.Guard;
import dev.escapement.store.Next;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** How claims end on H2: lock the rows whose guard is held, then write what becomes of them. */
final class H2Endings {

  private final H2Sql sql;

  H2Endings(H2Sql sql) {
    this.sql = sql;
  }

  /**
   * @param lock the statement that locks and reads a row
   */
  Set<TriggerId> write(Handle handle, String lock, List<Completion> completions) {
    Instant now = Values.now(handle);
    PreparedBatch removed = handle.prepareBatch(sql.remove);
    PreparedBatch moved = handle.prepareBatch(sql.move);
    PreparedBatch recorded = handle.prepareBatch(sql.record);
    Set<TriggerId> written = new HashSet<>();
    for (Completion completion : inOrderOfIds(completions)) {
      Guard guard = completion.guard();
      Held held = lock(handle, lock, guard);
      if (held == null) {
        continue;
      }
      written.add(guard.id());
      record(recorded, held, completion.ending(), now);
      if (completion.next() instanceof Next.Remove) {
        removed.bind("id", guard.id().value()).add();
      } else {
        move(moved, guard, After.of(held, completion.next(), now));
      }
    }
    execute(removed);
    execute(moved);
    execute(recorded);
    return written;
  }

  private static List<Completion> inOrderOfIds(List<Completion> completions) {
    return completions.stream()
        .sorted(Comparator.comparing(completion -> completion.guard().id()))
        .toList();
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** A row as it was while the claim was held. */
  private record Held(
      Guard guard,
      int kind,
      String job,
      @Nullable String key,
      int attempt,
      int lost,
      Instant fireTime,
      @Nullable Instant lastFire,
      long missed,
      Instant due,
      Instant claimedAt,
      byte[] payload) {}

  private static @Nullable Held lock(Handle handle, String lock, Guard guard) {
    return handle
        .createQuery(lock)
        .bind("id", guard.id().value())
        .bind("version", guard.version())
        .bind("owner", guard.owner().value())
        .map(
            (row, context) ->
                new Held(
                    guard,
                    row.getInt("kind"),
                    row.getString("job"),
                    row.getString("job_key"),
                    row.getInt("attempt"),
                    row.getInt("lost"),
                    Values.present(row, "fire_time"),
                    Values.instant(row, "last_fire"),
                    row.getLong("missed"),
                    Values.present(row, "due"),
                    Values.present(row, "claimed_at"),
                    row.getBytes("payload")))
        .findOne()
        .orElse(null);
  }

  /** A row as it is to be. */
  private record After(
      TriggerState state,
      @Nullable Instant fireTime,
      @Nullable Instant lastFire,
      long missed,
      @Nullable Instant due,
      int attempt,
      int lost,
      @Nullable String reason) {

    static After of(Held held, Next next, Instant now) {
      if (next instanceof Next.Retry retry) {
        return again(held, retry.due().resolve(now), held.attempt(), held.lost());
      } else if (next instanceof Next.Recover) {
        return again(held, held.due(), held.attempt(), held.lost() + 1);
      } else if (next instanceof Next.Release release) {
        Instant due = release.due() == null ? held.due() : release.due().resolve(now);
        return again(held, due, held.attempt() - 1, held.lost());
      } else if (next instanceof Next.Fire fire) {
        return new After(
            TriggerState.SCHEDULED,
            resolve(fire.fireTime(), now),
            held.fireTime(),
            fire.missed(),
            resolve(fire.due(), now),
            0,
            0,
            null);
      } else if (next instanceof Next.Pause pause) {
        return new After(
            TriggerState.PAUSED,
            held.fireTime(),
            held.lastFire(),
            held.missed(),
            held.due(),
            held.attempt(),
            held.lost(),
            pause.reason());
      }
      throw new IllegalArgumentException("Nothing comes after " + next);
    }

    private static After again(Held held, Instant due, int attempt, int lost) {
      return new After(
          TriggerState.SCHEDULED,
          held.fireTime(),
          held.lastFire(),
          held.missed(),
          due,
          attempt,
          lost,
          null);
    }

    private static @Nullable Instant resolve(@Nullable Due at, Instant now) {
      return at == null ? null : at.resolve(now);
    }
  }

  private static void move(PreparedBatch batch, Guard guard, After after) {
    batch
        .bind("id", guard.id().value())
        .bind("state", Codes.of(after.state()))
        .bind("fireTime", after.fireTime())
        .bind("lastFire", after.lastFire())
        .bind("missed", after.missed())
        .bind("due", after.due())
        .bind("attempt", after.attempt())
        .bind("lost", after.lost())
        .bind("reason", after.reason())
        .add();
  }

  private static void record(PreparedBatch batch, Held held, Ending ending, Instant now) {
    Failure failure = ending.failure();
    batch
        .bind("claimedAt", held.claimedAt())
        .bind("id", held.guard().id().value())
        .bind("version", held.guard().version())
        .bind("owner", held.guard().owner().value())
        .bind("fireTime", held.fireTime())
        .bind("missed", held.missed())
        .bind("due", held.due())
        .bind("startedAt", ending.startedAt() == null ? null : earlier(ending.startedAt(), now))
        .bind("endedAt", ending.endedAt() == null ? now : earlier(ending.endedAt(), now))
        .bind("attempt", held.attempt())
        .bind("kind", held.kind())
        .bind("outcome", Codes.of(ending.outcome()))
        .bind("job", held.job())
        .bind("key", held.key())
        .bind("type", failure == null ? null : failure.type())
        .bind("message", failure == null ? null : failure.message())
        .bind("trace", failure == null ? null : failure.trace())
        .bind("payload", ending.keepPayload() ? held.payload() : null)
        .add();
  }

  /** No execution starts or ends later than now, whatever the caller says. */
  private static Instant earlier(Instant said, Instant now) {
    return said.isBefore(now) ? said : now;
  }
}
