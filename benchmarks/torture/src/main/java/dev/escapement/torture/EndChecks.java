package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What was enqueued has ended, once, as its job must; and what it did took effect once. */
final class EndChecks {

  /** Within this time of the rest what was spawned may not have ended. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  private final Books books;
  private final Index index;

  EndChecks(Books books, Index index) {
    this.books = books;
    this.index = index;
  }

  List<Balance.Item> items() {
    return List.of(
        new Balance.Item("what was enqueued is there, once", enqueued()),
        new Balance.Item("every trigger has reached its final state, the right one", ended()),
        new Balance.Item("attempts are counted one by one", attempts()),
        new Balance.Item("effects in the job's own transaction are there exactly once", effects()));
  }

  private List<String> enqueued() {
    List<String> breaches = new ArrayList<>();
    Map<Long, List<UUID>> born = new HashMap<>();
    for (List<Move> ofOne : index.moves().values()) {
      Move birth = ofOne.get(0);
      if (birth.isBirth() && !birth.standing() && birth.parent() == null) {
        Task.numberIn(birth.payload())
            .ifPresent(n -> born.computeIfAbsent(n, k -> new ArrayList<>()).add(birth.id()));
      }
    }
    for (Asked asked : books.asked()) {
      List<UUID> there = born.getOrDefault(asked.number(), List.of());
      boolean right =
          switch (asked.answer()) {
            case MADE -> there.size() == 1 && there.get(0).equals(asked.id());
            case REFUSED -> there.isEmpty();
            case UNKNOWN -> there.size() <= 1;
          };
      if (!right) {
        breaches.add(asked + " but the witness knows " + there);
      }
    }
    return breaches;
  }

  private List<String> ended() {
    List<String> breaches = new ArrayList<>();
    for (List<Move> ofOne : index.moves().values()) {
      Move birth = ofOne.get(0);
      if (birth.standing()) {
        continue;
      }
      Outcome wanted = Jobs.finalOutcome(birth.job());
      if (wanted == null) {
        continue;
      }
      Move latest = ofOne.get(ofOne.size() - 1);
      if (latest.is() != null) {
        if (birth.parent() == null || birth.at().isBefore(books.rest().minus(LATEST))) {
          breaches.add("still there: " + latest);
        }
        continue; // What a schedule spawns never ends as a whole.
      }
      List<Entry> entries = index.history().getOrDefault(birth.id(), List.of());
      Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
      if (last == null || (last.outcome() != wanted && !isQuarantined(last, entries))) {
        breaches.add("ended as %s instead of %s: %s".formatted(last, wanted, birth));
      }
    }
    return breaches;
  }

  /** Of one fire; what is released or yields counts none. */
  private List<String> attempts() {
    List<String> breaches = new ArrayList<>();
    for (List<Entry> entries : index.history().values()) {
      Entry before = null;
      for (Entry entry : entries) {
        boolean goesOn =
            before != null
                && before.fireTime().equals(entry.fireTime())
                && FireChecks.goesOn(before);
        int counted =
            !goesOn || before == null
                ? 0
                : before.attempt() - (FireChecks.countsNoAttempt(before) ? 1 : 0);
        if (entry.attempt() != counted + 1) {
          breaches.add("attempt %d after %s".formatted(entry.attempt(), before));
        }
        before = entry;
      }
    }
    return breaches;
  }

  /** Also an innocent trigger is taken out of service when enough nodes have died with it. */
  private boolean isQuarantined(Entry last, List<Entry> entries) {
    long lost = entries.stream().filter(entry -> entry.outcome() == Outcome.LOST).count();
    return books.isQuarantine(last) && lost == books.standard().quarantine() - 1;
  }

  private List<String> effects() {
    List<String> breaches = new ArrayList<>();
    Map<UUID, Integer> written = new HashMap<>();
    Set<UUID> children = new HashSet<>();
    for (Effect effect : books.effects()) {
      written.merge(effect.id(), 1, Integer::sum);
      children.add(effect.child());
      if (!index.moves().containsKey(effect.child())) {
        breaches.add("an effect whose trigger isn't there: " + effect);
      }
    }
    Set<UUID> succeeded = new HashSet<>();
    for (Entry entry : books.history()) {
      if (entry.job().equals(Jobs.TRANSFER.name()) && entry.outcome() == Outcome.SUCCEEDED) {
        succeeded.add(entry.id());
        if (written.getOrDefault(entry.id(), 0) != 1) {
          breaches.add(written.getOrDefault(entry.id(), 0) + " effects of " + entry);
        }
      }
    }
    for (UUID id : written.keySet()) {
      if (!succeeded.contains(id)) {
        breaches.add("an effect of a run that didn't succeed: " + id);
      }
    }
    for (List<Move> ofOne : index.moves().values()) {
      Move birth = ofOne.get(0);
      if (birth.job().equals(Jobs.CHILD.name()) && !children.contains(birth.id())) {
        breaches.add("a trigger whose effect isn't there: " + birth);
      }
    }
    return breaches;
  }
}
