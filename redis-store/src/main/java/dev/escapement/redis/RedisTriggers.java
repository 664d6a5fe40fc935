package dev.escapement.redis;

import dev.escapement.DuplicateKeyException;
import dev.escapement.Enqueued;
import dev.escapement.Priority;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.store.Aim;
import dev.escapement.store.Amendment;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.Spawn;
import dev.escapement.store.StoreException;
import dev.escapement.store.TriggerName;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.Triggers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class RedisTriggers implements Triggers {

  private static final Script ENQUEUE = Script.named("enqueue");
  private static final Script FIND = Script.named("find");
  private static final Script AMEND = Script.named("amend");
  private static final Script STALE = Script.named("stale");
  private static final Script SPAWN = Script.named("spawn");
  private static final Script PAUSE = Script.named("pause");
  private static final Script DELETE = Script.named("delete_trigger");

  /** How many rows are read in a call: a millisecond or two of Redis's time. */
  private static final int PART = 500;

  private final Link link;
  private final TriggerLists lists;

  RedisTriggers(Link link) {
    this.link = link;
    this.lists = new TriggerLists(link);
  }

  @Override
  public List<Enqueued> enqueue(List<NewTrigger> triggers) {
    Args args = new Args();
    triggers.forEach(trigger -> add(args, trigger));
    Reply reply = link.write("enqueue", ENQUEUE, args);
    switch (reply.text()) {
      case "used" ->
          throw new StoreException(
              "The trigger id "
                  + reply.text()
                  + " is in use; make a new one for each request. Nothing was enqueued.",
              null);
      case "taken" -> throw new DuplicateKeyException(reply.text(), reply.text(), reply.trigger());
      default -> {
        List<Enqueued> answers = new ArrayList<>(triggers.size());
        while (reply.hasNext()) {
          answers.add(new Enqueued(reply.trigger(), Enqueued.Result.valueOf(reply.text())));
        }
        return List.copyOf(answers);
      }
    }
  }

  private static void add(Args args, NewTrigger trigger) {
    NewTrigger.Standing standing = trigger.standing();
    Priority priority = trigger.placement().priority();
    args.value(trigger.id())
        .value(trigger.kind())
        .text(trigger.job())
        .text(trigger.key())
        .text(trigger.placement().queue())
        .text(priority == null ? null : priority.name())
        .text(Words.due(trigger.due()))
        .text(standing == null ? null : standing.schedule())
        .text(standing == null ? null : Words.time(standing.fireTime()))
        .bytes(trigger.payload())
        .text(trigger.headers())
        .value(trigger.onConflict());
  }

  @Override
  public Optional<TriggerRecord> find(TriggerId id) {
    return find(new Args().value(id)).stream().findFirst();
  }

  @Override
  public Optional<TriggerRecord> find(String job, String key) {
    return find(List.of(new TriggerName(job, key))).stream().findFirst();
  }

  @Override
  public List<TriggerRecord> find(List<TriggerName> names) {
    List<TriggerRecord> found = new ArrayList<>();
    for (int from = 0; from < names.size(); from += PART) {
      Args args = new Args();
      names
          .subList(from, Math.min(from + PART, names.size()))
          .forEach(name -> args.text(null).text(name.job()).text(name.key()));
      found.addAll(find(args));
    }
    return List.copyOf(found);
  }

  private List<TriggerRecord> find(Args args) {
    return link.read("find triggers", FIND, args).rows(Rows::trigger);
  }

  @Override
  public List<TriggerRecord> list(TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    return lists.list(filter, after, limit);
  }

  @Override
  public long count(TriggerFilter filter, int limit) {
    return lists.count(filter, limit);
  }

  @Override
  public Set<TriggerId> amend(List<Amendment> amendments) {
    Args args = new Args();
    for (Amendment amendment : amendments) {
      NewTrigger.Placement placement = amendment.placement();
      byte[] payload = amendment.payload();
      Aim aim = amendment.aim();
      args.value(amendment.id())
          .number(amendment.version())
          .text(amendment.schedule())
          .text(placement == null ? null : placement.queue())
          .text(placement == null ? null : String.valueOf(placement.priority()))
          .flag(payload != null)
          .bytes(payload == null ? new byte[0] : payload)
          .flag(aim != null)
          .text(aim == null ? null : Words.timeOrNone(aim.fireTime()))
          .text(aim == null ? null : Words.timeOrNone(aim.due()));
    }
    Set<TriggerId> amended = new HashSet<>();
    link.write("amend triggers", AMEND, args).texts().stream()
        .map(TriggerId::parse)
        .forEach(amended::add);
    return Set.copyOf(amended);
  }

  @Override
  public List<TriggerRecord> stale(int limit) {
    return link.write("look for stale triggers", STALE, new Args().number(limit))
        .rows(Rows::trigger);
  }

  @Override
  public boolean spawn(Spawn spawn) {
    Args args =
        new Args()
            .value(spawn.parent())
            .number(spawn.version())
            .text(Words.timeOrNone(spawn.lastFire()))
            .text(Words.timeOrNone(spawn.next().fireTime()))
            .text(Words.timeOrNone(spawn.next().due()))
            .number(spawn.missed());
    for (Spawn.Child child : spawn.children()) {
      args.value(child.id())
          .text(Words.time(child.fireTime()))
          .text(Words.time(child.due()))
          .number(child.missed());
    }
    return link.write("spawn triggers", SPAWN, args).flag();
  }

  @Override
  public boolean pause(TriggerId id, long version, Next.Pause pause) {
    Args args = new Args().value(id).number(version).text(pause.reason());
    return link.write("pause a trigger", PAUSE, args).flag();
  }

  @Override
  public boolean delete(TriggerId id, long version) {
    return link.write("delete a trigger", DELETE, new Args().value(id).number(version)).flag();
  }
}
