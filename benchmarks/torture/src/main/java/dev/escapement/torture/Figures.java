package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What happened in a run.
 *
 * @param claims how many claims, by the witness
 * @param runs how many runs, by the ledger
 * @param runsOfJobs the same of each job
 * @param outcomes how claims ended, by the history
 * @param takeovers how long it took from a replica's death until what it held was taken over
 * @param lateness how long after it was due a trigger was claimed for the first time
 * @param unknown how many requests to enqueue nobody knows the answer of
 */
record Figures(
    long claims,
    long runs,
    Map<String, Long> runsOfJobs,
    Map<Outcome, Long> outcomes,
    Spread takeovers,
    Spread lateness,
    long unknown) {

  static Figures of(Books books) {
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    books.history().forEach(entry -> outcomes.merge(entry.outcome(), 1L, Long::sum));
    return new Figures(
        books.moves().stream().filter(Move::isClaim).count(),
        books.runs().size(),
        books.runs().stream()
            .collect(Collectors.groupingBy(Run::job, TreeMap::new, Collectors.counting())),
        outcomes,
        Spread.of(takeovers(books)),
        Spread.of(lateness(books)),
        books.asked().stream().filter(asked -> asked.answer() == Asked.Answer.UNKNOWN).count());
  }

  private static List<Duration> takeovers(Books books) {
    Map<String, Instant> deaths = new HashMap<>();
    for (Trouble trouble : books.troubles()) {
      if (trouble.kind() == Trouble.Kind.KILLED) {
        // It is noted before it is done and when it was seen: the later is the true one.
        deaths.merge(trouble.replica(), trouble.from(), (a, b) -> a.isAfter(b) ? a : b);
      }
    }
    List<Duration> takeovers = new ArrayList<>();
    for (Move move : books.moves()) {
      UUID owner = move.owner();
      Instant death =
          move.endsClaim() && owner != null ? deaths.get(books.nodes().get(owner)) : null;
      if (death != null && move.at().isAfter(death)) {
        takeovers.add(Duration.between(death, move.at()));
      }
    }
    return takeovers;
  }

  private static List<Duration> lateness(Books books) {
    return books.history().stream()
        .filter(entry -> entry.attempt() == 1)
        .map(entry -> Duration.between(entry.due(), entry.claimedAt()))
        .toList();
  }

  long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }
}
