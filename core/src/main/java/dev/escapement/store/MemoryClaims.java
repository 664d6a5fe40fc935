package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class MemoryClaims implements Claims {

  private final MemoryTables tables;

  MemoryClaims(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public ClaimResult claim(ClaimRequest request) {
    return tables.atomically(
        () -> {
          Instant now = tables.now();
          List<Claim> claims = new ArrayList<>();
          Map<TriggerId, Spawner> spawners = new LinkedHashMap<>();
          if (tables.isLive(request.session())) {
            for (ClaimRequest.Demand demand : request.demands()) {
              for (MemoryTrigger trigger : candidates(demand, request.jobs(), now)) {
                if (trigger.kind == TriggerKind.STANDING
                    && request.spawning().contains(trigger.job)) {
                  spawners.put(
                      trigger.id,
                      new Spawner(trigger.toRecord(), tables.children.in(trigger.id).size()));
                } else {
                  tables.change(trigger, row -> row.claim(request.session(), now));
                  claims.add(trigger.toClaim());
                }
              }
            }
          }
          return new ClaimResult(
              List.copyOf(claims),
              List.copyOf(spawners.values()),
              now,
              nextDue(request.demands(), now),
              tables.epoch,
              tables.requests);
        });
  }

  private List<MemoryTrigger> candidates(
      ClaimRequest.Demand demand, Set<String> jobs, Instant now) {
    return due(demand, now)
        .filter(trigger -> jobs.contains(trigger.job))
        .limit(demand.limit())
        .toList();
  }

  private Stream<MemoryTrigger> due(ClaimRequest.Demand demand, Instant now) {
    ClaimRequest.Waited waited = demand.waited();
    return waited == null
        ? tables.lanes.due(demand.queue(), now)
        : tables.lanes.due(demand.queue(), waited.priority(), now.minus(waited.least()));
  }

  private @Nullable Instant nextDue(List<ClaimRequest.Demand> demands, Instant now) {
    return demands.stream()
        .map(demand -> tables.lanes.nextDue(demand.queue(), now))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  @Override
  public boolean advance(Guard guard, Instant fireTime, Instant due, long missed) {
    return tables.atomically(
        () -> {
          MemoryTrigger trigger = tables.held(guard);
          if (trigger == null) {
            return false;
          }
          tables.change(trigger, row -> row.advance(new Aim(fireTime, due), missed));
          return true;
        });
  }

  @Override
  public Ended complete(List<Completion> completions) {
    return end(completions, owner -> true);
  }

  /** Nobody holds a row for longer than a call. */
  @Override
  public Ended completeInTurn(Completion completion) {
    return complete(List.of(completion));
  }

  @Override
  public Ended takeOver(List<Completion> completions) {
    return end(completions, owner -> !tables.isLive(owner));
  }

  private Ended end(List<Completion> completions, Predicate<SessionId> ofOwner) {
    return tables.atomically(
        () -> {
          Instant now = tables.now();
          Set<TriggerId> written = new LinkedHashSet<>();
          Map<TriggerId, Ended.Turn> turned = new HashMap<>();
          for (Completion completion : completions) {
            MemoryTrigger trigger = tables.held(completion.guard());
            if (trigger != null && ofOwner.test(completion.guard().owner())) {
              Honoured honoured = end(trigger, completion, now);
              if (honoured.turned()) {
                turned.put(trigger.id, turn(trigger, honoured));
              }
              written.add(trigger.id);
            }
          }
          return new Ended(written, turned);
        });
  }

  private Honoured end(MemoryTrigger trigger, Completion completion, Instant now) {
    Honoured honoured = trigger.honour(completion);
    String node = tables.nodeOf(completion.guard().owner());
    Ending ending = completion.ending();
    ExecutionRecord execution = trigger.toExecution(node, ending, honoured.outcome(), now);
    if (honoured.state() == null) {
      tables.remove(trigger);
    } else {
      tables.change(trigger, row -> row.end(completion.next(), honoured, now));
    }
    if (honoured.fate() == Honoured.Fate.OVER || honoured.fate() == Honoured.Fate.AGAIN) {
      tables.checkpoints.remove(trigger.id);
    }
    if (ending.recorded() || honoured.cancelled()) {
      tables.executions.put(execution.key(), execution);
    }
    return honoured;
  }

  private static Ended.Turn turn(MemoryTrigger trigger, Honoured honoured) {
    boolean gone = honoured.state() == null;
    return new Ended.Turn(honoured.outcome(), honoured.state(), gone ? null : trigger.due());
  }

  @Override
  public List<RunningTrigger> running(SessionId self, int limit) {
    return tables.atomically(
        () ->
            tables.running.names().stream()
                .filter(owner -> owner.equals(self) || !tables.isLive(owner))
                .flatMap(owner -> tables.running.in(owner).stream())
                .limit(limit)
                .map(MemoryTrigger::toRunning)
                .toList());
  }
}
