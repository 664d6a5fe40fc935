package dev.escapement.engine;

import dev.escapement.InvalidRequestException;
import dev.escapement.Page;
import dev.escapement.TriggerId;
import dev.escapement.store.TriggerPlace;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cuts lists into pages. */
final class Pages {

  private static final int LARGEST = 1_000;
  private static final String NEVER = "never";
  private static final char SEPARATOR = '_';

  private Pages() {}

  static void checkLimit(int limit) {
    if (limit < 1 || limit > LARGEST) {
      throw new InvalidRequestException(
          "A page can't have " + limit + " items; make it 1 to " + LARGEST + ".");
    }
  }

  /**
   * A page of rows.
   *
   * @param rows one more than the limit, if there are more
   */
  static <R, T> Page<T> page(
      List<R> rows, int limit, Function<R, T> show, Function<R, String> place) {
    boolean more = rows.size() > limit;
    List<R> shown = more ? rows.subList(0, limit) : rows;
    Optional<String> next =
        more ? Optional.of(place.apply(shown.get(limit - 1))) : Optional.empty();
    return new Page<>(shown.stream().map(show).toList(), next);
  }

  static String write(TriggerPlace place) {
    Instant due = place.due();
    return (due == null ? NEVER : due.toString()) + SEPARATOR + place.id();
  }

  /**
   * @throws InvalidRequestException if it isn't the place of a trigger
   */
  static TriggerPlace readPlace(String text) {
    int end = text.indexOf(SEPARATOR);
    try {
      if (end > 0) {
        String due = text.substring(0, end);
        TriggerId id = TriggerId.parse(text.substring(end + 1));
        return new TriggerPlace(due.equals(NEVER) ? null : Instant.parse(due), id);
      }
    } catch (DateTimeException | InvalidRequestException e) {
      throw refused(text, e);
    }
    throw refused(text, null);
  }

  private static InvalidRequestException refused(String text, @Nullable RuntimeException cause) {
    return new InvalidRequestException(
        "\""
            + text.substring(0, Math.min(text.length(), 80))
            + "\" isn't where a page ended; give what Page.next() said, or nothing to begin.",
        cause);
  }
}
