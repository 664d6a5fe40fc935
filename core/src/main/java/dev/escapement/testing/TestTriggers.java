package dev.escapement.testing;

import dev.escapement.Enqueued;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Amendment;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Request;
import dev.escapement.store.Spawn;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.Triggers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives triggers ids that are in the order in which they were enqueued. In life, ids made within a
 * millisecond are in no order; here whole tests take place at one instant.
 */
final class TestTriggers implements Triggers {

  /** Before that are the recurring jobs, as they were declared. */
  private static final long FIRST_ENQUEUED = 1_000_000;

  private final Store store;
  private final Triggers memory;
  private final List<String> declared;
  private final Consumer<Runnable> rollbacks;
  private final AtomicLong enqueued = new AtomicLong(FIRST_ENQUEUED);

  /**
   * @param declared the names of the jobs
   * @param rollbacks hears what is to be done if the caller's transaction is rolled back
   */
  TestTriggers(Store store, List<String> declared, Consumer<Runnable> rollbacks) {
    this.store = store;
    this.memory = store.triggers();
    this.declared = List.copyOf(declared);
    this.rollbacks = rollbacks;
  }

  @Override
  public List<Enqueued> enqueue(List<NewTrigger> triggers) {
    List<Enqueued> answers = memory.enqueue(triggers.stream().map(this::inOrder).toList());
    List<TriggerId> made = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      boolean ofTheJob = TriggerKind.STANDING_KEY.equals(triggers.get(i).key());
      if (answers.get(i).result() == Enqueued.Result.CREATED && !ofTheJob) {
        made.add(answers.get(i).id());
      }
    }
    if (!made.isEmpty()) {
      rollbacks.accept(() -> made.forEach(this::takeBack));
    }
    return answers;
  }

  private void takeBack(TriggerId id) {
    TriggerRecord live = memory.find(id).orElse(null);
    if (live == null || live.state() == TriggerState.RUNNING) {
      return;
    }
    if (live.kind() == TriggerKind.STANDING) {
      memory.delete(id, live.version());
    } else {
      store.requests().put(List.of(id), new Request.Cancel());
    }
  }

  private NewTrigger inOrder(NewTrigger made) {
    int index = TriggerKind.STANDING_KEY.equals(made.key()) ? declared.indexOf(made.job()) : -1;
    return new NewTrigger(
        id(index < 0 ? enqueued.incrementAndGet() : index, made.id()),
        made.kind(),
        made.job(),
        made.key(),
        made.placement(),
        made.due(),
        made.standing(),
        made.payload(),
        made.headers(),
        made.onConflict());
  }

  private static TriggerId id(long place, TriggerId made) {
    return new TriggerId(new UUID((place << 16) | 0x7000L, made.value().getLeastSignificantBits()));
  }

  @Override
  public boolean spawn(Spawn spawn) {
    List<Spawn.Child> children =
        spawn.children().stream()
            .map(
                child ->
                    new Spawn.Child(
                        id(enqueued.incrementAndGet(), child.id()),
                        child.fireTime(),
                        child.due(),
                        child.missed()))
            .toList();
    return memory.spawn(
        new Spawn(
            spawn.parent(),
            spawn.version(),
            spawn.lastFire(),
            spawn.next(),
            spawn.missed(),
            children));
  }

  @Override
  public Optional<TriggerRecord> find(TriggerId id) {
    return memory.find(id);
  }

  @Override
  public List<TriggerRecord> find(List<TriggerName> names) {
    return memory.find(names);
  }

  @Override
  public Optional<TriggerRecord> find(String job, String key) {
    return memory.find(job, key);
  }

  @Override
  public List<TriggerRecord> list(TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    return memory.list(filter, after, limit);
  }

  @Override
  public long count(TriggerFilter filter, int limit) {
    return memory.count(filter, limit);
  }

  @Override
  public Set<TriggerId> amend(List<Amendment> amendments) {
    return memory.amend(amendments);
  }

  @Override
  public List<TriggerRecord> stale(int limit) {
    return memory.stale(limit);
  }

  @Override
  public boolean pause(TriggerId id, long version, Next.Pause pause) {
    return memory.pause(id, version, pause);
  }

  @Override
  public boolean delete(TriggerId id, long version) {
    return memory.delete(id, version);
  }
}
