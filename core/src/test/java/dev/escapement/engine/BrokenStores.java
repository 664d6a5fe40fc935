package dev.escapement.engine;

import static java.util.Objects.requireNonNull;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Completion;
import dev.escapement.store.Guard;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Stores that break one rule each. */
final class BrokenStores {

  private BrokenStores() {}

  /** Its claim doesn't look whether the version is still the one that it has read. */
  static Store claimsWithoutVersion(Store store) {
    return Wiretap.tapped(
        store,
        new Wiretap() {
          private List<Claim> read = List.of();

          @Override
          public @Nullable Object call(
              String method, @Nullable Object[] args, Callable<@Nullable Object> real) {
            Object answer = Wiretap.answer(real);
            if (answer instanceof ClaimResult result) {
              SessionId self = ((ClaimRequest) requireNonNull(args[0])).session();
              if (result.claims().isEmpty()) {
                return with(result, read.stream().map(claim -> owned(claim, self)).toList());
              }
              read = result.claims();
            }
            return answer;
          }
        });
  }

  /** It writes an end whoever holds the claim. */
  static Store completesWithoutGuard(Store store) {
    return tapped(
        store,
        "complete",
        args -> {
          List<?> completions = (List<?>) requireNonNull(args[0]);
          args[0] =
              completions.stream()
                  .map(Completion.class::cast)
                  .map(one -> new Completion(present(store, one.guard()), one.ending(), one.next()))
                  .toList();
        });
  }

  private static Guard present(Store store, Guard given) {
    return store
        .triggers()
        .find(given.id())
        .filter(row -> row.state() == TriggerState.RUNNING)
        .map(row -> new Guard(row.id(), row.version(), requireNonNull(row.owner())))
        .orElse(given);
  }

  /** It declares dead whom it is told to, also one that has beaten since. */
  static Store ignoresTheBeat(Store store) {
    return tapped(
        store,
        "declareDead",
        args ->
            args[1] =
                store.sessions().all().stream()
                    .filter(session -> session.id().equals(args[0]))
                    .map(SessionRecord::beat)
                    .findFirst()
                    .orElse(-1L));
  }

  /** It gives a trigger the id of the one before of the same key, and counts from the start. */
  static Store restartsVersions(Store store) {
    Map<String, TriggerId> firsts = new HashMap<>();
    return Wiretap.tapped(
        store,
        (method, args, real) -> {
          Object answer = Wiretap.answer(real);
          return answer instanceof ClaimResult result
              ? with(result, result.claims().stream().map(one -> first(firsts, one)).toList())
              : answer;
        });
  }

  private static Claim first(Map<String, TriggerId> firsts, Claim claim) {
    Guard guard = claim.guard();
    TriggerId id = firsts.computeIfAbsent(requireNonNull(claim.key()), any -> guard.id());
    return guarded(claim, new Guard(id, guard.version(), guard.owner()));
  }

  /** It shows nobody what the dead have left. */
  static Store hidesOrphans(Store store) {
    return Wiretap.tapped(
        store,
        (method, args, real) -> {
          Object answer = Wiretap.answer(real);
          return answer instanceof List<?> rows
              ? rows.stream().filter(row -> !isOrphan(store, row)).toList()
              : answer;
        });
  }

  private static boolean isOrphan(Store store, Object row) {
    return row instanceof RunningTrigger running
        && store.sessions().all().stream()
            .filter(SessionRecord::live)
            .noneMatch(session -> session.id().equals(running.guard().owner()));
  }

  private interface Meddler {
    void change(@Nullable Object[] args);
  }

  private static Store tapped(Store store, String which, Meddler meddler) {
    return Wiretap.tapped(
        store,
        (method, args, real) -> {
          if (method.equals(which)) {
            meddler.change(args);
          }
          return Wiretap.answer(real);
        });
  }

  private static ClaimResult with(ClaimResult result, List<Claim> claims) {
    return new ClaimResult(
        claims,
        result.spawners(),
        result.now(),
        result.nextDue(),
        result.epoch(),
        result.requests());
  }

  private static Claim owned(Claim claim, SessionId owner) {
    return guarded(claim, new Guard(claim.guard().id(), claim.guard().version(), owner));
  }

  private static Claim guarded(Claim claim, Guard guard) {
    return new Claim(
        guard,
        claim.kind(),
        claim.job(),
        claim.key(),
        claim.queue(),
        claim.priority(),
        claim.fireTime(),
        claim.due(),
        claim.claimedAt(),
        claim.attempt(),
        claim.lost(),
        claim.schedule(),
        claim.missed(),
        claim.stale(),
        claim.payload(),
        claim.headers());
  }
}
