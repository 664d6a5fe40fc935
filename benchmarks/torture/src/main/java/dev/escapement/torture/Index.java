package dev.escapement.torture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The books, to be looked up in. */
final class Index {

  private final Map<UUID, List<Move>> moves = new LinkedHashMap<>();
  private final Map<UUID, List<Entry>> history;
  private final Map<Claimed, List<Run>> runs;
  private final Map<Claimed, List<Entry>> entries;
  private final Map<Claimed, Tenure> tenures = new LinkedHashMap<>();

  /**
   * A claim and the end of it.
   *
   * @param claim when it was made
   * @param end when it ended; null if it never did
   */
  record Tenure(Move claim, @Nullable Move end) {}

  Index(Books books) {
    for (Move move : books.moves()) {
      moves.computeIfAbsent(move.id(), id -> new ArrayList<>()).add(move);
    }
    history = group(books.history(), Entry::id);
    history.values().forEach(rows -> rows.sort(Comparator.comparingLong(Entry::version)));
    runs = group(books.runs(), Run::claimed);
    entries = group(books.history(), Entry::claimed);
    moves.values().forEach(this::pair);
  }

  private void pair(List<Move> ofOne) {
    Move claim = null;
    for (Move move : ofOne) {
      if (move.endsClaim() && claim != null) {
        tenures.put(claim.claimed(), new Tenure(claim, move));
        claim = null;
      }
      if (move.isClaim()) {
        claim = move;
        tenures.put(move.claimed(), new Tenure(move, null));
      }
    }
  }

  private static <K, V> Map<K, List<V>> group(List<V> values, Function<V, K> key) {
    Map<K, List<V>> groups = new HashMap<>();
    values.forEach(
        value -> groups.computeIfAbsent(key.apply(value), k -> new ArrayList<>()).add(value));
    return groups;
  }

  /** The moves of each trigger, in their order. */
  Map<UUID, List<Move>> moves() {
    return moves;
  }

  /** The executions of each trigger, in the order of their versions. */
  Map<UUID, List<Entry>> history() {
    return history;
  }

  /** All claims. */
  Map<Claimed, Tenure> tenures() {
    return tenures;
  }

  List<Run> runs(Claimed claimed) {
    return runs.getOrDefault(claimed, List.of());
  }

  Optional<Run> run(Claimed claimed) {
    return runs(claimed).stream().findFirst();
  }

  List<Entry> entries(Claimed claimed) {
    return entries.getOrDefault(claimed, List.of());
  }
}
