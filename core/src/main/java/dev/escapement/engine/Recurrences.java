package dev.escapement.engine;

import dev.escapement.Enqueued;
import dev.escapement.InvalidRequestException;
import dev.escapement.JobRequest;
import dev.escapement.Priority;
import dev.escapement.Recurrence;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.policy.JobPolicy;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.JobRecord;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes, changes and deletes the standing triggers that have a key. Thread-safe. */
final class Recurrences {

  /** How often a change may lose against others' before the caller is told. */
  private static final int ROUNDS = 10;

  private static final int BATCH = 1_000;

  private final Store store;
  private final Requests requests;
  private final ScheduleReader schedules;

  Recurrences(Store store, Requests requests, ScheduleReader schedules) {
    this.store = store;
    this.requests = requests;
    this.schedules = schedules;
  }

  /** What is asked for, checked and written. */
  private record Wanted(JobRequest<?> request, TriggerName name, Fires fires, byte[] payload) {

    String schedule() {
      return fires.schedule().identity();
    }
  }

  List<Enqueued> set(List<Recurrence> recurrences) {
    if (recurrences.isEmpty()) {
      return List.of();
    }
    Map<TriggerName, Wanted> wanted = new LinkedHashMap<>();
    for (Recurrence recurrence : recurrences) {
      Wanted want = check(recurrence);
      if (wanted.put(want.name(), want) != null) {
        throw new InvalidRequestException(
            "The key \""
                + want.name().key()
                + "\" of job \""
                + want.name().job()
                + "\" is in the list twice; give each recurring trigger a key of its own.");
      }
    }
    Map<TriggerName, Enqueued> answers = new HashMap<>();
    List<Wanted> all = List.copyOf(wanted.values());
    for (int from = 0; from < all.size(); from += BATCH) {
      set(all.subList(from, Math.min(all.size(), from + BATCH)), answers);
    }
    return all.stream().map(want -> answers.get(want.name())).toList();
  }

  private Wanted check(Recurrence recurrence) {
    JobRequest<?> request = recurrence.request();
    TriggerName name = new TriggerName(request.type().name(), request.key().orElseThrow());
    Fires fires =
        new Fires(
            schedules.readRequested(recurrence.schedule().identity()),
            JobPolicy.Recurrence.standard(),
            ScheduleReader.seed(name.job(), name.key()),
            false);
    return new Wanted(request, name, fires, requests.check(request));
  }

  private void set(List<Wanted> batch, Map<TriggerName, Enqueued> answers) {
    List<Wanted> rest = batch;
    for (int round = 0; !rest.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw new TransientStoreException(
            rest.size() + " recurring triggers change too fast, like " + rest.get(0).name() + ".",
            null);
      }
      attempt(rest, answers);
      rest = rest.stream().filter(want -> !answers.containsKey(want.name())).toList();
    }
  }

  private void attempt(List<Wanted> batch, Map<TriggerName, Enqueued> answers) {
    Map<TriggerName, TriggerRecord> rows = new HashMap<>();
    List<TriggerName> names = batch.stream().map(Wanted::name).toList();
    store.triggers().find(names).forEach(row -> rows.put(row.name(), row));
    // Only what is there already may have to follow its job to another place.
    Map<String, JobRecord> jobs = rows.isEmpty() ? Map.of() : jobs();
    Instant now = store.now();
    List<NewTrigger> fresh = new ArrayList<>();
    Map<TriggerId, TriggerName> amended = new HashMap<>();
    List<Amendment> amendments = new ArrayList<>();
    for (Wanted want : batch) {
      TriggerRecord row = rows.get(want.name());
      if (row == null) {
        fresh.add(fresh(want, now));
        continue;
      }
      Optional<Amendment> amendment = amendment(want, jobs.get(row.job()), row, now);
      if (amendment.isEmpty()) {
        answers.put(want.name(), new Enqueued(row.id(), Enqueued.Result.KEPT));
      } else {
        amendments.add(amendment.get());
        amended.put(row.id(), want.name());
      }
    }
    insert(fresh, answers);
    for (TriggerId id : store.triggers().amend(amendments)) {
      answers.put(amended.get(id), new Enqueued(id, Enqueued.Result.CHANGED));
    }
  }

  private Map<String, JobRecord> jobs() {
    Map<String, JobRecord> jobs = new HashMap<>();
    store.jobs().all().forEach(job -> jobs.put(job.name(), job));
    return jobs;
  }

  /** Where another was faster there is no answer yet. */
  private void insert(List<NewTrigger> fresh, Map<TriggerName, Enqueued> answers) {
    if (fresh.isEmpty()) {
      return;
    }
    List<Enqueued> inserted = store.triggers().enqueue(fresh);
    for (int i = 0; i < fresh.size(); i++) {
      NewTrigger trigger = fresh.get(i);
      String key = trigger.key();
      if (inserted.get(i).created() && key != null) {
        answers.put(new TriggerName(trigger.job(), key), inserted.get(i));
      }
    }
  }

  private static NewTrigger fresh(Wanted want, Instant now) {
    Aim first = want.fires().first(now);
    if (first.equals(Aim.NEVER)) {
      throw neverFires(want, now);
    }
    NewTrigger.Placement asked =
        new NewTrigger.Placement(
            want.request().queue().orElse(null), want.request().priority().orElse(null));
    return NewTrigger.standing(want.name(), asked, want.schedule(), first, want.payload());
  }

  private static InvalidRequestException neverFires(Wanted want, Instant now) {
    return new InvalidRequestException(
        "The schedule \""
            + want.schedule()
            + "\" of job \""
            + want.name().job()
            + "\", key \""
            + want.name().key()
            + "\", never fires after "
            + now
            + ". Something that never runs isn't enqueued.");
  }

  /** Empty if the trigger is as requested. */
  private static Optional<Amendment> amendment(
      Wanted want, @Nullable JobRecord job, TriggerRecord row, Instant now) {
    if (row.kind() != TriggerKind.STANDING) {
      throw new InvalidRequestException(
          "The key \""
              + want.name().key()
              + "\" of job \""
              + want.name().job()
              + "\" is borne by a one-time trigger; use another key, or wait until it has ended.");
    }
    boolean sameSchedule = want.schedule().equals(row.schedule());
    if (!sameSchedule && want.fires().first(now).equals(Aim.NEVER)) {
      throw neverFires(want, now);
    }
    NewTrigger.Placement placement = placement(want.request(), job, row);
    boolean samePayload = Arrays.equals(want.payload(), row.payload());
    if (sameSchedule && samePayload && placement == null) {
      return Optional.empty();
    }
    Aim aim = sameSchedule ? null : want.fires().anew(row, now);
    return Optional.of(
        new Amendment(row.id(), row.version(), want.schedule(), placement, want.payload(), aim));
  }

  /** Null if it stays. What the request doesn't name is the job's, which may have moved. */
  private static NewTrigger.@Nullable Placement placement(
      JobRequest<?> request, @Nullable JobRecord job, TriggerRecord row) {
    String queue = job == null ? row.queue() : job.queue();
    Priority priority = job == null ? row.priority() : job.priority();
    NewTrigger.Placement asked =
        new NewTrigger.Placement(
            request.queue().orElse(queue), request.priority().orElse(priority));
    return asked.equals(new NewTrigger.Placement(row.queue(), row.priority())) ? null : asked;
  }

  boolean delete(TriggerName name) {
    if (name.equals(TriggerName.ofDeclared(name.job()))) {
      throw new InvalidRequestException(
          "The key \""
              + name.key()
              + "\" of job \""
              + name.job()
              + "\" is that of its declared schedule; override that with Schedules.disabled().");
    }
    for (int round = 0; round < ROUNDS; round++) {
      List<TriggerRecord> rows = store.triggers().find(List.of(name));
      if (rows.isEmpty() || rows.get(0).kind() != TriggerKind.STANDING) {
        return false;
      }
      if (delete(rows.get(0))) {
        return true;
      }
    }
    throw new TransientStoreException("The trigger " + name + " changes too fast.", null);
  }

  /** One that runs is switched off; whoever finds it so when it has ended deletes it. */
  private boolean delete(TriggerRecord row) {
    if (row.state() != TriggerState.RUNNING) {
      return store.triggers().delete(row.id(), row.version());
    }
    Amendment off = new Amendment(row.id(), row.version(), Declarations.DISABLED, null, null, null);
    return !store.triggers().amend(List.of(off)).isEmpty();
  }
}
