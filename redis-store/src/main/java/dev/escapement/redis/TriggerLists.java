package dev.escapement.redis;

import dev.escapement.TriggerFilter;
import dev.escapement.TriggerState;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lists of triggers. There is an index for each job; what is asked about all jobs is merged of
 * theirs.
 */
final class TriggerLists {

  private static final Script LIST = Script.named("list");
  private static final Script NAMES = Script.named("names");
  private static final Script FIND = Script.named("find");

  private static final String NEVER = "inf";
  private static final int PAGE = 100;

  private static final Comparator<TriggerRecord> ORDER =
      Comparator.comparing(
              TriggerRecord::due, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
          .thenComparing(TriggerRecord::id);

  private final Link link;

  TriggerLists(Link link) {
    this.link = link;
  }

  List<TriggerRecord> list(TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
    if (filter.key().isPresent()) {
      return named(filter).filter(row -> after == null || isBehind(row, after)).stream()
          .limit(limit)
          .toList();
    }
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(Comparator.comparing((Cursor cursor) -> cursor.first(), ORDER));
    for (String job : jobs(filter)) {
      Cursor cursor = new Cursor(job, filter, after, limit);
      if (cursor.hasNext()) {
        cursors.add(cursor);
      }
    }
    List<TriggerRecord> found = new ArrayList<>();
    while (found.size() < limit && !cursors.isEmpty()) {
      Cursor first = cursors.remove();
      found.add(first.next());
      if (first.hasNext()) {
        cursors.add(first);
      }
    }
    return List.copyOf(found);
  }

  private static boolean isBehind(TriggerRecord row, TriggerPlace place) {
    Comparator<Instant> nullsLast = Comparator.nullsLast(Comparator.naturalOrder());
    int byDue = nullsLast.compare(row.due(), place.due());
    return byDue > 0 || (byDue == 0 && row.id().compareTo(place.id()) > 0);
  }

  /** The one of a key. */
  private Optional<TriggerRecord> named(TriggerFilter filter) {
    Args args =
        new Args().text(null).text(filter.job().orElseThrow()).text(filter.key().orElseThrow());
    return link.read("find a trigger", FIND, args).rows(Rows::trigger).stream()
        .filter(row -> filter.queue().map(row.queue()::equals).orElse(true))
        .filter(row -> filter.state().map(state -> state == row.state()).orElse(true))
        .filter(row -> isDue(filter, row.due()))
        .findFirst();
  }

  private static boolean isDue(TriggerFilter filter, @Nullable Instant due) {
    return filter.dueFrom().map(from -> due != null && !due.isBefore(from)).orElse(true)
        && filter.dueUntil().map(until -> due != null && due.isBefore(until)).orElse(true);
  }

  long count(TriggerFilter filter, int limit) {
    if (filter.key().isPresent()) {
      return Math.min(limit, named(filter).stream().count());
    }
    long count = 0;
    for (String job : jobs(filter)) {
      Place from = Place.START;
      while (from != null && count < limit) {
        Reply reply = page(job, filter, from, (int) (limit - count), false);
        count += reply.number();
        from = next(reply);
      }
    }
    return count;
  }

  private List<String> jobs(TriggerFilter filter) {
    return filter.job().map(List::of).orElseGet(this::jobsWithTriggers);
  }

  private List<String> jobsWithTriggers() {
    List<String> all = new ArrayList<>();
    List<String> page;
    do {
      String after = all.isEmpty() ? "-" : "(" + all.get(all.size() - 1);
      page = link.read("look at jobs", NAMES, new Args().text(after).number(PAGE)).texts();
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  /**
   * A place in an index, as the script writes it.
   *
   * @param due a time, NEVER, or empty for the beginning
   * @param id empty for the beginning
   */
  private record Place(String due, String id) {

    static final Place START = new Place("", "");

    static Place of(TriggerPlace place) {
      Instant due = place.due();
      return new Place(due == null ? NEVER : Words.time(due), place.id().toString());
    }
  }

  private Reply page(String job, TriggerFilter filter, Place from, int limit, boolean rows) {
    return link.read(
        "list triggers",
        LIST,
        new Args()
            .text(job)
            .text(from.due())
            .text(from.id())
            .text(filter.dueFrom().map(Words::time).orElse(null))
            .text(filter.dueUntil().map(Words::time).orElse(null))
            .text(filter.queue().orElse(null))
            .text(filter.state().map(TriggerState::name).orElse(null))
            .number(limit)
            .flag(rows));
  }

  private static @Nullable Place next(Reply reply) {
    boolean more = reply.flag();
    Place last = new Place(reply.text(), reply.text());
    return more ? last : null;
  }

  /** The triggers of a job, a page at a time. */
  private final class Cursor {

    private final String job;
    private final TriggerFilter filter;
    private final int pageSize;
    private final Queue<TriggerRecord> read = new ArrayDeque<>();
    private @Nullable Place from;

    Cursor(String job, TriggerFilter filter, @Nullable TriggerPlace after, int limit) {
      this.job = job;
      this.filter = filter;
      this.pageSize = Math.min(limit, PAGE);
      this.from = after == null ? Place.START : Place.of(after);
    }

    boolean hasNext() {
      Place place = from;
      while (read.isEmpty() && place != null) {
        Reply reply = page(job, filter, place, pageSize, true);
        read.addAll(reply.list().rows(Rows::trigger));
        place = TriggerLists.next(reply);
        from = place;
      }
      return !read.isEmpty();
    }

    TriggerRecord first() {
      return read.element();
    }

    TriggerRecord next() {
      return read.remove();
    }
  }
}
