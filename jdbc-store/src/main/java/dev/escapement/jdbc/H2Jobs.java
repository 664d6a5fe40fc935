package dev.escapement.jdbc;

import dev.escapement.TriggerId;
import dev.escapement.store.Hold;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.TriggerKind;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Jobs on H2, and what holds their triggers back. */
final class H2Jobs {

  private final H2Sql sql;

  H2Jobs(H2Sql sql) {
    this.sql = sql;
  }

  void add(Handle handle, String job) {
    handle.createUpdate(sql.addJob).bind("job", job).execute();
  }

  void declare(Handle handle, List<JobDeclaration> jobs) {
    jobs.stream()
        .map(JobDeclaration::job)
        .sorted()
        .forEach(job -> handle.createUpdate(sql.declare).bind("job", job).execute());
    for (JobDeclaration job : jobs) {
      handle
          .createUpdate(sql.see)
          .bind("job", job.job())
          .bind("hash", job.hash())
          .bind("queue", job.queue())
          .bind("priority", Codes.of(job.priority()))
          .bind("schedule", job.schedule())
          .execute();
    }
  }

  void lock(Handle handle, Collection<String> jobs) {
    jobs.stream()
        .sorted()
        .forEach(
            job -> handle.createQuery(sql.lockJob).bind("job", job).mapTo(String.class).findOne());
  }

  private record Current(String hash, String queue, int priority) {}

  void settle(Handle handle, Collection<String> jobs) {
    for (String job : jobs) {
      handle
          .createQuery(sql.current)
          .bind("job", job)
          .map(
              (row, context) ->
                  new Current(
                      row.getString("hash"), row.getString("queue"), row.getInt("priority")))
          .findOne()
          .ifPresent(current -> settle(handle, job, current));
    }
  }

  private void settle(Handle handle, String job, Current current) {
    handle
        .createUpdate(sql.settle)
        .bind("job", job)
        .bind("declaration", current.hash())
        .bind("queue", current.queue())
        .bind("priority", current.priority())
        .execute();
    handle
        .createUpdate(sql.relocate)
        .bind("job", job)
        .bind("queue", current.queue())
        .bind("priority", current.priority())
        .bind("standing", TriggerKind.STANDING_KEY)
        .execute();
  }

  boolean deleteTriggers(Handle handle, String job, int limit) {
    List<UUID> chosen =
        handle
            .createQuery(sql.someTriggers)
            .bind("job", job)
            .bind("limit", limit)
            .mapTo(UUID.class)
            .map(TriggerId::new)
            .stream()
            .sorted()
            .map(TriggerId::value)
            .toList();
    if (chosen.stream().anyMatch(id -> lockedRuns(handle, id))) {
      return false;
    }
    if (!chosen.isEmpty()) {
      handle.createUpdate(sql.deleteTriggers).bind("ids", Values.uuids(chosen, id -> id)).execute();
    }
    return true;
  }

  private boolean lockedRuns(Handle handle, UUID trigger) {
    return handle
        .createQuery(sql.lockTrigger)
        .bind("id", trigger)
        .mapTo(Integer.class)
        .findOne()
        .filter(state -> state == 2)
        .isPresent();
  }

  Set<String> strangers(Handle handle, Set<String> queues, Set<String> known, int window) {
    Set<String> strangers = new HashSet<>();
    for (String queue : queues) {
      for (int priority = 0; priority <= 2; priority++) {
        handle
            .createQuery(sql.strangers)
            .bind("queue", queue)
            .bind("priority", priority)
            .bind("window", window)
            .mapTo(String.class)
            .forEach(strangers::add);
      }
    }
    strangers.removeAll(known);
    return strangers;
  }

  int park(Handle handle, String job, Hold hold, int limit) {
    List<UUID> due =
        handle
            .createQuery(sql.parkable)
            .bind("job", job)
            .bind("limit", limit)
            .mapTo(UUID.class)
            .list();
    return due.isEmpty()
        ? 0
        : handle
            .createUpdate(sql.park)
            .bind("ids", Values.uuids(due, id -> id))
            .bind("hold", hold.bit())
            .execute();
  }

  int unpark(Handle handle, Set<String> jobs, int limit) {
    int freed = 0;
    for (String job : jobs) {
      freed += freed == limit ? 0 : unpark(handle, job, limit - freed);
    }
    return freed;
  }

  private int unpark(Handle handle, String job, int limit) {
    int ended = handle.createQuery(sql.endedHolds).bind("job", job).mapTo(Integer.class).one();
    List<UUID> parked =
        handle
            .createQuery(sql.unparkable)
            .bind("job", job)
            .bind("least", Integer.lowestOneBit(ended))
            .bind("limit", limit)
            .mapTo(UUID.class)
            .list();
    return parked.isEmpty()
        ? 0
        : handle
            .createUpdate(sql.unpark)
            .bind("ids", Values.uuids(parked, id -> id))
            .bind("ended", ended)
            .execute();
  }
}
