package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The fires of what recurs: each is run, or counted as missed, exactly once. */
final class FireChecks {

  private static final Set<Outcome> UNCOUNTED = Set.of(Outcome.RELEASED, Outcome.YIELDED);

  /** Within this time of the rest a schedule must have been seen to go on. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  private final Books books;
  private final Index index;

  FireChecks(Books books, Index index) {
    this.books = books;
    this.index = index;
  }

  List<Balance.Item> items() {
    return List.of(
        new Balance.Item("no fire ends twice, and none is left before it has ended", endsOnce()),
        new Balance.Item("each fire comes to the right end", endsRight()),
        new Balance.Item(
            "no fire is lost: between two fires, as many are counted as passed", complete()),
        new Balance.Item("what recurs goes on", goOn()));
  }

  static boolean countsNoAttempt(Entry entry) {
    return UNCOUNTED.contains(entry.outcome());
  }

  /** Whether another run of the same fire must come. What fails may be tried again, or not. */
  private static boolean mustGoOn(Entry entry) {
    return countsNoAttempt(entry) || entry.outcome() == Outcome.LOST;
  }

  /** Whether another run of the same fire may come. */
  static boolean goesOn(Entry entry) {
    return mustGoOn(entry)
        || entry.outcome() == Outcome.FAILED
        || entry.outcome() == Outcome.TIMED_OUT;
  }

  private List<String> endsOnce() {
    List<String> breaches = new ArrayList<>();
    for (List<Entry> entries : index.history().values()) {
      Entry before = null;
      for (Entry entry : entries) {
        if (entry.standing() && before != null) {
          boolean same = entry.fireTime().equals(before.fireTime());
          boolean left = mustGoOn(before) && !mayBeMissed(before);
          if (same ? !goesOn(before) : left || isBefore(entry, before)) {
            breaches.add(before + " and then " + entry);
          }
        }
        before = entry;
      }
    }
    for (Books.Left left : books.left()) {
      List<Entry> entries = index.history().getOrDefault(left.id(), List.of());
      Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
      boolean pending = last != null && last.fireTime().equals(left.fireTime());
      if (left.standing() && last != null && pending != goesOnNow(last)) {
        breaches.add(last + " and then " + left);
      }
    }
    spawned()
        .forEach(
            (parent, children) -> {
              long distinct = children.stream().map(Fire::time).distinct().count();
              if (distinct != children.size()) {
                breaches.add(children.size() - distinct + " fires spawned twice by " + parent);
              }
            });
    return breaches;
  }

  /**
   * What was given back uncounted begins anew, and may come too late for its policy then, or find
   * that another schedule was deployed.
   */
  private boolean mayBeMissed(Entry entry) {
    return countsNoAttempt(entry)
        && (entry.job().equals(Jobs.DROPPING) || !books.schedules().containsKey(entry.job()));
  }

  private static boolean isBefore(Entry entry, Entry other) {
    return entry.fireTime().isBefore(other.fireTime());
  }

  /** Of a recurring job, whose next fire is its retry; one that is quarantined keeps its fire. */
  private boolean goesOnNow(Entry last) {
    return mustGoOn(last) || books.isQuarantine(last);
  }

  private List<String> endsRight() {
    List<String> breaches = new ArrayList<>();
    for (Entry entry : books.history()) {
      if (entry.standing() && books.schedules().containsKey(entry.job())) {
        boolean right =
            entry.outcome() == Outcome.SUCCEEDED
                || mustGoOn(entry)
                || books.isQuarantine(entry)
                || (entry.outcome() == Outcome.SKIPPED && entry.job().equals(Jobs.DROPPING));
        if (!right) {
          breaches.add("a fire that should have succeeded: " + entry);
        }
      }
    }
    return breaches;
  }

  /**
   * A fire and what came before it.
   *
   * @param missed how many fires right before it were not run
   */
  private record Fire(Instant time, long missed) {}

  private List<String> complete() {
    List<String> breaches = new ArrayList<>();
    for (Books.Left standing : books.left()) {
      Duration period = books.schedules().get(standing.job());
      if (!standing.standing() || period == null) {
        continue;
      }
      TreeMap<Instant, Fire> fires = new TreeMap<>();
      for (Entry entry : index.history().getOrDefault(standing.id(), List.of())) {
        // One that was skipped, or that was given back and then missed, is among those that the
        // next one counts.
        if (entry.outcome() != Outcome.SKIPPED && !mustGoOn(entry)) {
          fires.put(entry.fireTime(), new Fire(entry.fireTime(), entry.missed()));
        }
      }
      for (Fire fire : spawned().getOrDefault(standing.id(), List.of())) {
        fires.put(fire.time(), fire);
      }
      fires.put(standing.fireTime(), new Fire(standing.fireTime(), standing.missed()));
      count(standing.job(), period, fires.values(), breaches);
    }
    return breaches;
  }

  private static void count(
      String job, Duration period, Collection<Fire> fires, List<String> breaches) {
    @Nullable Fire before = null;
    for (Fire fire : fires) {
      if (before != null) {
        long passed = Duration.between(before.time(), fire.time()).dividedBy(period) - 1;
        if (passed != fire.missed()) {
          breaches.add(
              "%s: %d fires passed between %s and %s, and %d were counted"
                  .formatted(job, passed, before.time(), fire.time(), fire.missed()));
        }
      }
      before = fire;
    }
  }

  private List<String> goOn() {
    List<String> breaches = new ArrayList<>();
    for (String job : books.schedules().keySet()) {
      List<Books.Left> rows =
          books.left().stream().filter(row -> row.standing() && row.job().equals(job)).toList();
      if (rows.size() != 1) {
        breaches.add("%s has %d rows".formatted(job, rows.size()));
        continue;
      }
      Books.Left row = rows.get(0);
      boolean quarantined =
          index.history().getOrDefault(row.id(), List.of()).stream().anyMatch(books::isQuarantine);
      boolean alive = row.state() == 1 && row.fireTime().isAfter(books.rest().minus(LATEST));
      if (!alive && !quarantined) {
        breaches.add("it has stopped: " + row);
      }
    }
    return breaches;
  }

  /** The fires that became triggers of their own, by their parent. */
  private Map<UUID, List<Fire>> spawned() {
    Map<UUID, List<Fire>> byParent = new TreeMap<>();
    for (List<Move> ofOne : index.moves().values()) {
      Move birth = ofOne.get(0);
      UUID parent = birth.parent();
      Instant fireTime = birth.fireTime();
      if (birth.isBirth() && parent != null && fireTime != null) {
        byParent
            .computeIfAbsent(parent, p -> new ArrayList<>())
            .add(new Fire(fireTime, birth.missed()));
      }
    }
    return byParent;
  }
}
