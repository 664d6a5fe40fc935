package dev.escapement.jdbc;

import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.policy.JobPolicy;
import dev.escapement.store.NewTrigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * How triggers are enqueued on H2, which can't skip a conflict: look who is there, and insert the
 * rest. Where another was faster, the transaction begins anew.
 */
final class H2Enqueue {

  /** So that two lists of the same keys wait for each other instead of in a circle. */
  private static final Comparator<NewTrigger> KEY_ORDER =
      Comparator.comparing(NewTrigger::job)
          .thenComparing(NewTrigger::key, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final H2Sql sql;

  H2Enqueue(H2Sql sql) {
    this.sql = sql;
  }

  private record JobKey(String job, String key) {}

  List<Enqueued> enqueue(Handle handle, List<NewTrigger> triggers) {
    Map<JobKey, UUID> taken = new HashMap<>();
    List<NewTrigger> fresh = new ArrayList<>();
    List<Enqueued> answers = new ArrayList<>();
    for (NewTrigger trigger : triggers) {
      UUID kept = live(handle, trigger, taken);
      if (kept == null) {
        fresh.add(trigger);
        answers.add(new Enqueued(trigger.id(), Enqueued.Result.CREATED));
      } else {
        answers.add(new Enqueued(new TriggerId(kept), Enqueued.Result.KEPT));
      }
      if (trigger.key() != null) {
        taken.putIfAbsent(
            new JobKey(trigger.job(), trigger.key()), kept == null ? trigger.id().value() : kept);
      }
    }
    fresh.sort(KEY_ORDER);
    insert(handle, fresh);
    return answers;
  }

  private @Nullable UUID live(Handle handle, NewTrigger trigger, Map<JobKey, UUID> taken) {
    if (trigger.key() == null) {
      return null;
    }
    UUID before = taken.get(new JobKey(trigger.job(), trigger.key()));
    return before != null
        ? before
        : handle
            .createQuery(sql.liveKey)
            .bind("job", trigger.job())
            .bind("key", trigger.key())
            .mapTo(UUID.class)
            .findOne()
            .orElse(null);
  }

  private void insert(Handle handle, List<NewTrigger> triggers) {
    if (triggers.isEmpty()) {
      return;
    }
    Instant now = Values.now(handle);
    Map<String, NewTrigger.Placement> declared = placements(handle, triggers);
    PreparedBatch batch = handle.prepareBatch(sql.insert);
    for (NewTrigger trigger : triggers) {
      NewTrigger.Placement asked = trigger.placement();
      NewTrigger.Placement ofJob =
          declared.getOrDefault(trigger.job(), NewTrigger.Placement.OF_JOB);
      NewTrigger.Standing standing = trigger.standing();
      Instant due = trigger.due().resolve(now);
      batch
          .bind("id", trigger.id().value())
          .bind("kind", Codes.of(trigger.kind()))
          .bind("job", trigger.job())
          .bind("key", trigger.key())
          .bind("queue", first(asked.queue(), ofJob.queue(), JobPolicy.DEFAULT_QUEUE))
          .bind("priority", Codes.of(first(asked.priority(), ofJob.priority(), Priority.NORMAL)))
          .bind("fireTime", standing == null ? due : standing.fireTime())
          .bind("due", due)
          .bind("schedule", standing == null ? null : standing.schedule())
          .bind("payload", trigger.payload())
          .add();
    }
    batch.execute();
  }

  private Map<String, NewTrigger.Placement> placements(Handle handle, List<NewTrigger> triggers) {
    Set<String> jobs = new LinkedHashSet<>();
    triggers.forEach(trigger -> jobs.add(trigger.job()));
    Map<String, NewTrigger.Placement> placements = new HashMap<>();
    handle
        .createQuery(sql.placement)
        .bind("jobs", Values.texts(jobs))
        .map(
            (row, context) -> {
              int priority = row.getInt("priority");
              return placements.put(
                  row.getString("name"),
                  new NewTrigger.Placement(
                      row.getString("queue"), row.wasNull() ? null : Codes.priority(priority)));
            })
        .list();
    return placements;
  }

  private static <T> T first(@Nullable T asked, @Nullable T declared, T otherwise) {
    return asked != null ? asked : declared != null ? declared : otherwise;
  }
}
