package dev.escapement.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Claims, by the witness, against the history. */
final class ClaimChecks {

  private final Books books;
  private final Index index;

  ClaimChecks(Books books, Index index) {
    this.books = books;
    this.index = index;
  }

  List<Balance.Item> items() {
    return List.of(
        new Balance.Item(
            "no (trigger, version) is claimed twice, and versions grow", claimedOnce()),
        new Balance.Item("outcomes = claims + ends without a claim, to the last row", accounted()),
        new Balance.Item("no claim outlasts its run, or its session, for long", brief()),
        new Balance.Item("nothing is claimed before it is due", early()),
        new Balance.Item("none is RUNNING when all have stopped", stillRunning()));
  }

  private List<String> claimedOnce() {
    List<String> breaches = new ArrayList<>();
    Set<Claimed> seen = new HashSet<>();
    index
        .moves()
        .forEach(
            (id, ofOne) -> {
              long latest = -1;
              for (Move move : ofOne) {
                if (move.isClaim() && !seen.add(move.claimed())) {
                  breaches.add("claimed twice: " + move);
                }
                boolean gone = move.is() == null;
                if (gone ? move.version() < latest : move.version() <= latest) {
                  breaches.add("version " + move.version() + " after " + latest + ": " + move);
                }
                latest = move.version();
              }
            });
    return breaches;
  }

  private List<String> accounted() {
    List<String> breaches = new ArrayList<>();
    index
        .tenures()
        .forEach(
            (claimed, tenure) -> {
              List<Entry> entries = index.entries(claimed);
              if (entries.size() != 1 && tenure.end() != null) {
                breaches.add("a claim with " + entries.size() + " outcomes: " + tenure);
              }
              for (Entry entry : entries) {
                if (!entry.session().equals(tenure.claim().owner())) {
                  breaches.add("an outcome of another session than claimed it: " + entry);
                }
              }
            });
    for (Entry entry : books.history()) {
      boolean claimed = index.tenures().containsKey(entry.claimed());
      if (!claimed) { // Nobody cancels anything here.
        breaches.add("an outcome without a claim: " + entry);
      }
    }
    return breaches;
  }

  /** Where nothing was done to anybody, an end is written at once, and the dead are noticed. */
  private List<String> brief() {
    Duration patience =
        books
            .standard()
            .lease()
            .plus(books.standard().heartbeat().multipliedBy(3))
            .plus(Duration.ofSeconds(3));
    List<String> breaches = new ArrayList<>();
    index
        .tenures()
        .forEach(
            (claimed, tenure) -> {
              Move end = tenure.end();
              Instant over = index.run(claimed).map(Run::ended).orElse(tenure.claim().at());
              String who = books.nodes().getOrDefault(tenure.claim().owner(), "nobody");
              if (end != null
                  && end.at().isAfter(over.plus(patience))
                  && books.troubles().stream()
                      .noneMatch(trouble -> trouble.concerns(who, tenure.claim().at(), end.at()))) {
                breaches.add("a claim that goes on for no reason: " + tenure);
              }
            });
    return breaches;
  }

  private List<String> early() {
    List<String> breaches = new ArrayList<>();
    for (Entry entry : books.history()) {
      if (entry.attempt() > 0 && entry.claimedAt().isBefore(entry.due())) {
        breaches.add("claimed too early: " + entry);
      }
    }
    return breaches;
  }

  private List<String> stillRunning() {
    List<String> breaches = new ArrayList<>();
    for (Books.Left left : books.left()) {
      if (left.state() == 2) {
        breaches.add("RUNNING still: " + left);
      }
    }
    return breaches;
  }
}
