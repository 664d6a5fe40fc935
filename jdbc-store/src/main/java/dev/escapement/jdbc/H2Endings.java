package dev.escapement.jdbc;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.Guard;
import dev.escapement.store.Honoured;
import dev.escapement.store.Next;
import dev.escapement.store.RequestKind;
import dev.escapement.store.TriggerKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  Ended write(Handle handle, String lock, List<Completion> completions) {
    Instant now = Values.now(handle);
    PreparedBatch removed = handle.prepareBatch(sql.remove);
    PreparedBatch moved = handle.prepareBatch(sql.move);
    PreparedBatch forgotten = handle.prepareBatch(sql.forget);
    PreparedBatch recorded = handle.prepareBatch(sql.record);
    Set<TriggerId> written = new HashSet<>();
    Map<TriggerId, Ended.Turn> turned = new HashMap<>();
    for (Completion completion : inOrderOfIds(completions)) {
      Guard guard = completion.guard();
      Held held = lock(handle, lock, guard);
      if (held == null) {
        continue;
      }
      Ending ending = completion.ending();
      Honoured honoured =
          Honoured.of(completion.next(), ending.outcome(), held.asked(), held.kind());
      TriggerState state = honoured.state();
      After after = state == null ? null : new After(held, completion.next(), honoured.fate(), now);
      written.add(guard.id());
      if (honoured.turned()) {
        turned.put(
            guard.id(),
            new Ended.Turn(honoured.outcome(), state, after == null ? null : after.due));
      }
      if (ending.recorded() || honoured.cancelled()) {
        record(recorded, held, ending, honoured.outcome(), now);
      }
      if (after == null || state == null) {
        removed.bind("id", guard.id().value()).add();
      } else {
        move(moved, guard, after, state, honoured.reason());
      }
      if (honoured.cancelled() || honoured.fate() == Honoured.Fate.AGAIN) {
        forgotten.bind("trigger", guard.id().value()).add();
      }
    }
    execute(removed);
    execute(moved);
    execute(forgotten);
    execute(recorded);
    return new Ended(written, turned);
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
      TriggerKind kind,
      String job,
      @Nullable String key,
      int attempt,
      int lost,
      Instant fireTime,
      @Nullable Instant lastFire,
      long missed,
      Instant due,
      Instant claimedAt,
      boolean stale,
      Set<RequestKind> asked,
      @Nullable Instant askedDue,
      byte @Nullable [] askedPayload,
      byte[] payload) {

    /** The due that was asked for. */
    Instant requestedDue() {
      return Objects.requireNonNull(askedDue, "nothing was asked that has a due");
    }
  }

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
                    Codes.kind(row.getInt("kind")),
                    row.getString("job"),
                    row.getString("job_key"),
                    row.getInt("attempt"),
                    row.getInt("lost"),
                    Values.present(row, "fire_time"),
                    Values.instant(row, "last_fire"),
                    row.getLong("missed"),
                    Values.present(row, "due"),
                    Values.present(row, "claimed_at"),
                    row.getBoolean("stale"),
                    Codes.requests(row.getInt("request")),
                    Values.instant(row, "request_due"),
                    row.getBytes("request_payload"),
                    row.getBytes("payload")))
        .findOne()
        .orElse(null);
  }

  /** A row as it is to be. */
  private static final class After {
    private @Nullable Instant fireTime;
    private @Nullable Instant lastFire;
    private long missed;
    private @Nullable Instant due;
    private int attempt;
    private int lost;
    private boolean stale;
    private byte @Nullable [] newPayload;

    After(Held held, Next next, Honoured.Fate fate, Instant now) {
      fireTime = held.fireTime();
      lastFire = held.lastFire();
      missed = held.missed();
      due = held.due();
      attempt = held.attempt();
      lost = next instanceof Next.Recover ? held.lost() + 1 : held.lost();
      stale = held.stale();
      switch (fate) {
        case AS_SAID -> apply(held, next, now);
        case RESCHEDULED -> {
          apply(held, next, now);
          due = held.requestedDue();
        }
        case AGAIN -> {
          fire(held, held.requestedDue(), held.requestedDue(), 0);
          newPayload = held.askedPayload();
          lost = next instanceof Next.Remove || next instanceof Next.Fire ? 0 : lost;
        }
        case OVER -> {
          fire(held, held.fireTime(), null, 0);
          lost = 0;
          stale = true;
        }
      }
    }

    private void apply(Held held, Next next, Instant now) {
      if (next instanceof Next.Retry retry) {
        due = retry.due().resolve(now);
      } else if (next instanceof Next.Release release) {
        attempt--;
        due = release.due() == null ? due : release.due().resolve(now);
      } else if (next instanceof Next.Fire fire) {
        fire(held, resolve(fire.fireTime(), now), resolve(fire.due(), now), fire.missed());
        lost = 0;
      }
    }

    private void fire(Held held, @Nullable Instant at, @Nullable Instant when, long notRun) {
      lastFire = held.kind() == TriggerKind.STANDING ? held.fireTime() : held.lastFire();
      fireTime = at;
      due = when;
      missed = notRun;
      attempt = 0;
    }

    private static @Nullable Instant resolve(@Nullable Due at, Instant now) {
      return at == null ? null : at.resolve(now);
    }
  }

  private static void move(
      PreparedBatch batch, Guard guard, After after, TriggerState state, @Nullable String reason) {
    batch
        .bind("id", guard.id().value())
        .bind("state", Codes.of(state))
        .bind("fireTime", after.fireTime)
        .bind("lastFire", after.lastFire)
        .bind("missed", after.missed)
        .bind("due", after.due)
        .bind("attempt", after.attempt)
        .bind("lost", after.lost)
        .bind("stale", after.stale)
        .bind("reason", reason)
        .bind("payload", after.newPayload)
        .bind("replaced", after.newPayload != null)
        .add();
  }

  private static void record(
      PreparedBatch batch, Held held, Ending ending, Outcome outcome, Instant now) {
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
        .bind("kind", Codes.of(held.kind()))
        .bind("outcome", Codes.of(outcome))
        .bind("job", held.job())
        .bind("key", held.key())
        .bind("type", failure == null ? null : failure.type())
        .bind("message", failure == null ? null : failure.message())
        .bind("trace", failure == null ? null : failure.trace())
        .bind("payload", ending.keepPayload() ? held.payload() : null)
        .bind("result", ending.result())
        .add();
  }

  /** No execution starts or ends later than now, whatever the caller says. */
  private static Instant earlier(Instant said, Instant now) {
    return said.isBefore(now) ? said : now;
  }
}
