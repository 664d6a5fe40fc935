package dev.escapement.store;

import dev.escapement.TriggerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
          List<Spawner> spawners = new ArrayList<>();
          if (tables.isLive(request.session())) {
            for (ClaimRequest.Demand demand : request.demands()) {
              for (MemoryTrigger trigger : candidates(demand, request.jobs(), now)) {
                if (trigger.kind == TriggerKind.STANDING
                    && request.spawning().contains(trigger.job)) {
                  spawners.add(
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
              List.copyOf(spawners),
              now,
              nextDue(request.demands(), now),
              tables.epoch);
        });
  }

  private List<MemoryTrigger> candidates(
      ClaimRequest.Demand demand, Set<String> jobs, Instant now) {
    return tables
        .lanes
        .due(demand.queue(), now)
        .filter(trigger -> jobs.contains(trigger.job))
        .limit(demand.limit())
        .toList();
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
  public Set<TriggerId> complete(List<Completion> completions) {
    return end(completions, owner -> true);
  }

  @Override
  public Set<TriggerId> takeOver(List<Completion> completions) {
    return end(completions, owner -> !tables.isLive(owner));
  }

  private Set<TriggerId> end(List<Completion> completions, Predicate<SessionId> ofOwner) {
    return tables.atomically(
        () -> {
          Instant now = tables.now();
          Set<TriggerId> written = new LinkedHashSet<>();
          for (Completion completion : completions) {
            MemoryTrigger trigger = tables.held(completion.guard());
            if (trigger != null && ofOwner.test(completion.guard().owner())) {
              end(trigger, completion, now);
              written.add(trigger.id);
            }
          }
          return written;
        });
  }

  private void end(MemoryTrigger trigger, Completion completion, Instant now) {
    ExecutionRecord execution =
        trigger.toExecution(tables.nodeOf(completion.guard().owner()), completion.ending(), now);
    if (completion.next() instanceof Next.Remove) {
      tables.remove(trigger);
    } else {
      tables.change(trigger, row -> row.end(completion.next(), now));
    }
    tables.executions.put(execution.key(), execution);
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
