package dev.escapement.testing;

import dev.escapement.ExecutionId;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Guard;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands out one claim at a time, so that what a handler changes is heeded by what comes after it,
 * and writes down what has ended, also what the job's history leaves out.
 */
final class TestClaims implements Claims {

  private final Store memory;
  private final List<ExecutionRecord> journal = new ArrayList<>();
  private final Map<Guard, Claim> running = new HashMap<>();
  private boolean moved;
  private @Nullable Instant nextDue;

  TestClaims(Store memory) {
    this.memory = memory;
  }

  /** Whether the latest claim found anything due. */
  boolean moved() {
    return moved;
  }

  /** The next due after now, as of the latest claim; null for none. */
  @Nullable Instant nextDue() {
    return nextDue;
  }

  /** All attempts that have ended, in order. */
  List<ExecutionRecord> journal() {
    return journal;
  }

  @Override
  public ClaimResult claim(ClaimRequest request) {
    for (ClaimRequest.Demand demand : oldestFirst(request.demands())) {
      ClaimResult result = remembered(memory.claims().claim(with(request, demand)));
      if (moved) {
        return result;
      }
    }
    return remembered(memory.claims().claim(request));
  }

  private ClaimResult remembered(ClaimResult result) {
    result.claims().forEach(claim -> running.put(claim.guard(), claim));
    moved = !result.claims().isEmpty() || !result.spawners().isEmpty();
    nextDue = result.nextDue();
    return result;
  }

  private static ClaimRequest with(ClaimRequest request, ClaimRequest.Demand demand) {
    return new ClaimRequest(
        request.session(),
        List.of(new ClaimRequest.Demand(demand.queue(), 1)),
        request.jobs(),
        request.spawning(),
        request.position());
  }

  /** The queues in which something is due, that with the oldest due first. */
  private List<ClaimRequest.Demand> oldestFirst(List<ClaimRequest.Demand> demands) {
    record Waiting(ClaimRequest.Demand demand, Instant since) {}
    return demands.stream()
        .flatMap(
            demand ->
                Optional.ofNullable(memory.queues().depth(demand.queue(), 0).oldestDue()).stream()
                    .map(since -> new Waiting(demand, since)))
        .sorted(Comparator.comparing(Waiting::since))
        .map(Waiting::demand)
        .toList();
  }

  @Override
  public boolean advance(Guard guard, Instant fireTime, Instant due, long missed) {
    boolean advanced = memory.claims().advance(guard, fireTime, due, missed);
    if (advanced) {
      running.computeIfPresent(guard, (any, claim) -> claim.at(fireTime, due, missed));
    }
    return advanced;
  }

  @Override
  public Ended complete(List<Completion> completions) {
    return noted(completions, memory.claims().complete(completions));
  }

  @Override
  public Ended completeInTurn(Completion completion) {
    return noted(List.of(completion), memory.claims().completeInTurn(completion));
  }

  @Override
  public Ended takeOver(List<Completion> completions) {
    return noted(completions, memory.claims().takeOver(completions));
  }

  private Ended noted(List<Completion> completions, Ended ended) {
    for (Completion completion : completions) {
      Guard guard = completion.guard();
      TriggerId id = guard.id();
      Claim claim = running.remove(guard);
      if (claim != null && ended.written().contains(id)) {
        ExecutionId execution = new ExecutionId(claim.claimedAt(), id, guard.version());
        journal.add(
            memory
                .history()
                .find(execution)
                .orElseGet(() -> unrecorded(execution, claim, completion.ending())));
      }
    }
    return ended;
  }

  private ExecutionRecord unrecorded(ExecutionId id, Claim claim, Ending ending) {
    Instant endedAt = ending.endedAt();
    return new ExecutionRecord(
        id,
        claim.guard().owner(),
        "test",
        claim.kind(),
        claim.job(),
        claim.key(),
        claim.attempt(),
        claim.fireTime(),
        claim.missed(),
        claim.due(),
        ending.startedAt(),
        endedAt == null ? memory.now() : endedAt,
        ending.outcome(),
        ending.failure(),
        ending.keepPayload() ? claim.payload() : null,
        ending.result());
  }

  @Override
  public List<RunningTrigger> running(SessionId self, int limit) {
    return memory.claims().running(self, limit);
  }
}
