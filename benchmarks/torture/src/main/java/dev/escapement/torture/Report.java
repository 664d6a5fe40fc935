package dev.escapement.torture;

import dev.escapement.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run has shown.
 *
 * @param deeds what was done
 * @param items what is promised, and whether it was kept
 * @param figures what happened
 */
record Report(Deeds deeds, List<Balance.Item> items, Figures figures) {

  private static final int SHOWN = 10;

  /**
   * What was done.
   *
   * @param strikes how often each fault struck
   * @param mishaps how often the network lost what
   * @param settled how long it took until all had come to rest
   * @param stopped what the replicas said that stopped in good order
   * @param members all replicas that there ever were
   */
  record Deeds(
      Torture.Plan plan,
      Map<String, Integer> strikes,
      Map<Mishap, Long> mishaps,
      Duration settled,
      List<Member.Stats> stopped,
      List<Member> members) {}

  boolean balances() {
    return items.stream().allMatch(Balance.Item::kept);
  }

  /** How many ends were refused to those who no longer held the claim. */
  long fenced() {
    return deeds.stopped().stream().mapToLong(Member.Stats::fenced).sum();
  }

  /** How often faults struck. */
  int strikes() {
    return deeds.strikes().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** One line of a table: what, how often, and what came of it. */
  String row(String what) {
    return "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %s | %s | %s |"
        .formatted(
            what,
            strikes(),
            deeds.members().size(),
            figures.claims(),
            figures.count(Outcome.LOST),
            figures.count(Outcome.RELEASED),
            fenced(),
            figures.takeovers().isEmpty() ? "" : seconds(figures.takeovers().longest()),
            seconds(figures.lateness().at(0.99)),
            balances() ? "yes" : "NO");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1_000.0);
  }

  /** All of it, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    line(text, "seed %d, %s of faults".formatted(deeds.plan().seed(), deeds.plan().length()));
    deeds.strikes().forEach((fault, times) -> line(text, "  %4d x %s".formatted(times, fault)));
    line(
        text,
        "%,d claims, %,d runs in %,d processes, outcomes %s"
            .formatted(
                figures.claims(), figures.runs(), deeds.members().size(), figures.outcomes()));
    line(text, "takeovers of what killed replicas held: %s".formatted(figures.takeovers()));
    line(text, "from due to claim: %s".formatted(figures.lateness()));
    line(
        text,
        "%,d ends of zombies refused; %,d enqueued or not, nobody knows; network %s"
            .formatted(fenced(), figures.unknown(), deeds.mishaps()));
    line(text, "at rest after %s".formatted(deeds.settled()));
    for (Balance.Item item : items) {
      line(text, "%s %s".formatted(item.kept() ? "  kept  " : "  BROKEN", item.promise()));
      item.breaches().stream()
          .limit(SHOWN)
          .forEach(breach -> line(text, "      %s".formatted(breach)));
      if (item.breaches().size() > SHOWN) {
        line(text, "      and %,d more".formatted(item.breaches().size() - SHOWN));
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
