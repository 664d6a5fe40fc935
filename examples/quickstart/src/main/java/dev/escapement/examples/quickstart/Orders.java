package dev.escapement.examples.quickstart;

import dev.escapement.Enqueued;
import dev.escapement.JobRequest;
import dev.escapement.Priority;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerId;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was enqueued.
 *
 * @param results the result that each trigger must come to
 * @param backlog the sun-times that were due at once
 * @param flaky the trigger of the job that fails twice
 * @param almanac the trigger whose replica is killed
 */
record Orders(
    Map<TriggerId, String> results, Set<TriggerId> backlog, TriggerId flaky, TriggerId almanac) {

  /**
   * Enqueues all one-time jobs in one call: the flaky one now and before all others, the almanac
   * after a fifth of the demo, the sun-times of a fourth of the places now and the others evenly
   * between a fifth and four fifths of it.
   */
  static Orders enqueue(SchedulerClient client, List<Place> places, Duration length) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Place place = places.get(0);
    List<JobRequest<?>> requests = new ArrayList<>();
    List<String> results = new ArrayList<>();

    requests.add(Jobs.FLAKY.request().priority(Priority.HIGH));
    results.add("the partner has answered");

    Jobs.Almanac almanac = new Jobs.Almanac(place, today.getYear());
    requests.add(Jobs.ALMANAC.with(almanac).after(length.dividedBy(5)));
    results.add("the longest day is " + longestDay(almanac));

    int backlog = places.size() / 4;
    for (int i = 0; i < places.size(); i++) {
      Jobs.SunTimes sunTimes = new Jobs.SunTimes(places.get(i), today);
      Duration delay = spread(i - backlog, places.size() - backlog, length);
      requests.add(Jobs.SUN_TIMES.with(sunTimes).after(delay));
      results.add(Sun.times(sunTimes.place(), sunTimes.day()));
    }
    return of(client.submitAll(requests), results, backlog);
  }

  private static Duration spread(int rank, int of, Duration length) {
    return rank < 0
        ? Duration.ZERO
        : length.dividedBy(5).plus(length.multipliedBy(3L * rank).dividedBy(5L * of));
  }

  private static LocalDate longestDay(Jobs.Almanac almanac) {
    return Sun.longestDay(
        almanac.place(),
        LocalDate.of(almanac.year(), Month.JANUARY, 1),
        LocalDate.of(almanac.year(), Month.DECEMBER, 31));
  }

  private static Orders of(List<Enqueued> answers, List<String> results, int backlog) {
    List<TriggerId> ids = answers.stream().map(Enqueued::id).toList();
    Map<TriggerId, String> resultOf = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      resultOf.put(ids.get(i), results.get(i));
    }
    return new Orders(resultOf, new HashSet<>(ids.subList(2, 2 + backlog)), ids.get(0), ids.get(1));
  }

  int sunTimes() {
    return results.size() - 2;
  }
}
