package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** What handlers did, by the ledger, against claims and outcomes. */
final class RunChecks {

  private final Books books;
  private final Index index;

  RunChecks(Books books, Index index) {
    this.books = books;
    this.index = index;
  }

  List<Balance.Item> items() {
    return List.of(
        new Balance.Item("a claim is run once, and by the process that made it", ranOnce()),
        new Balance.Item("what the handler was told and did is what the outcome says", agrees()),
        new Balance.Item(
            "no replica ended by itself, and each stopped when asked", books.surprises()),
        new Balance.Item(
            "what is lost or given back was killed, frozen, cut off or stopped", excused()),
        new Balance.Item("a run finds the checkpoint of the last one that left any", checkpoints()),
        new Balance.Item("two runs of a trigger overlap only if the first was cut off", apart()));
  }

  private List<String> ranOnce() {
    List<String> breaches = new ArrayList<>();
    for (Run run : books.runs()) {
      Index.Tenure tenure = index.tenures().get(run.claimed());
      if (tenure == null) {
        breaches.add("run without a claim: " + run);
      } else if (!run.replica().equals(books.nodes().get(tenure.claim().owner()))) {
        breaches.add("run by another than claimed it: " + run + ", " + tenure);
      }
      if (index.runs(run.claimed()).size() > 1) {
        breaches.add("one claim run twice: " + run);
      }
    }
    return breaches;
  }

  private List<String> agrees() {
    List<String> breaches = new ArrayList<>();
    for (Entry entry : books.history()) {
      Optional<Run> run = index.run(entry.claimed());
      boolean agrees =
          switch (entry.outcome()) {
            case SUCCEEDED -> run.filter(r -> r.end() == Run.End.RETURNED).isPresent();
            case FAILED ->
                run.filter(r -> r.end() == Run.End.THREW).isPresent()
                    || books.isQuarantine(entry)
                    || Jobs.TRANSFER.name().equals(entry.job());
            case YIELDED, TIMED_OUT -> run.isPresent();
            case SKIPPED -> run.isEmpty();
            case LOST, RELEASED -> true;
            case CANCELLED -> false; // Nobody cancels anything here.
          };
      if (run.isPresent() && !wasToldTheTruth(run.get(), entry)) {
        breaches.add("told otherwise: " + run + ", " + entry);
      }
      if (!agrees) {
        breaches.add(run + " but " + entry);
      }
    }
    return breaches;
  }

  private static boolean wasToldTheTruth(Run run, Entry entry) {
    return run.fireTime().equals(entry.fireTime())
        && run.attempt() == entry.attempt()
        && run.missed() == entry.missed()
        && run.job().equals(entry.job());
  }

  /** What a zombie has written over it, or what was lost, would show here. */
  private List<String> checkpoints() {
    List<String> breaches = new ArrayList<>();
    Map<UUID, List<Mark>> left =
        books.marks().stream()
            .filter(mark -> mark.what() == Mark.What.LEFT)
            .collect(Collectors.groupingBy(Mark::id));
    for (Mark found : books.marks()) {
      if (found.what() == Mark.What.FOUND) {
        boolean passedOver =
            left.getOrDefault(found.id(), List.of()).stream()
                .anyMatch(mark -> mark.by() > found.by() && mark.by() < found.version());
        if (passedOver || found.by() >= found.version()) {
          breaches.add(found + " but there were " + left.get(found.id()));
        }
      }
    }
    return breaches;
  }

  private List<String> excused() {
    List<String> breaches = new ArrayList<>();
    for (Entry entry : books.history()) {
      boolean lost = isLost(entry);
      boolean givenBack =
          entry.outcome() == Outcome.RELEASED && index.run(entry.claimed()).isPresent();
      if ((lost || givenBack) && !isExcused(entry, lost)) {
        breaches.add("nothing was done to " + books.nodes().get(entry.session()) + ": " + entry);
      }
    }
    return breaches;
  }

  private boolean isLost(Entry entry) {
    return entry.outcome() == Outcome.LOST || books.isQuarantine(entry);
  }

  /** The handler may have ended before; what counts is when the end was written. */
  private boolean isExcused(Entry entry, boolean lost) {
    String who = books.nodes().getOrDefault(entry.session(), "nobody");
    Index.Tenure tenure = index.tenures().get(entry.claimed());
    Move end = tenure == null ? null : tenure.end();
    return troubled(who, entry.claimedAt(), end == null ? entry.endedAt() : end.at(), lost);
  }

  /** What was done shortly before a claim may show only after it. */
  private boolean troubled(String who, Instant from, Instant to, boolean lost) {
    return books.troubles().stream()
        .filter(trouble -> !lost || trouble.kind().costsTheSession())
        .anyMatch(trouble -> trouble.concerns(who, from.minus(books.standard().lease()), to));
  }

  private List<String> apart() {
    List<String> breaches = new ArrayList<>();
    Map<UUID, List<Run>> byTrigger = new HashMap<>();
    books.runs().forEach(r -> byTrigger.computeIfAbsent(r.id(), id -> new ArrayList<>()).add(r));
    byTrigger
        .values()
        .forEach(
            ofOne -> {
              ofOne.sort(Comparator.comparingLong(Run::version));
              for (int i = 1; i < ofOne.size(); i++) {
                Run earlier = ofOne.get(i - 1);
                Run later = ofOne.get(i);
                Instant ended = earlier.ended();
                boolean overlap = ended == null || later.begun().isBefore(ended);
                List<Entry> ends = index.entries(earlier.claimed());
                boolean abandoned =
                    ends.stream().anyMatch(entry -> entry.outcome() == Outcome.TIMED_OUT);
                boolean lost =
                    ends.stream().anyMatch(this::isLost)
                        && troubled(earlier.replica(), earlier.begun(), later.begun(), true);
                if (overlap && !abandoned && !lost) {
                  breaches.add(earlier + " and " + later);
                }
              }
            });
    return breaches;
  }
}
