package dev.escapement.schedule;

import java.time.LocalTime;
import java.util.Arrays;
import java.util.Collection;

/** Some times of day. */
final class TimeList implements TimesOfDay {

  /** Sorted, without duplicates. */
  private final int[] seconds;

  TimeList(Collection<LocalTime> times) {
    seconds = times.stream().mapToInt(LocalTime::toSecondOfDay).sorted().distinct().toArray();
  }

  @Override
  public int atOrAfter(int second) {
    int place = countBefore(second);
    return place == seconds.length ? NONE : seconds[place];
  }

  @Override
  public int atOrBefore(int second) {
    int place = countBefore(second + 1);
    return place == 0 ? NONE : seconds[place - 1];
  }

  @Override
  public int countBefore(int second) {
    int found = Arrays.binarySearch(seconds, second);
    return found >= 0 ? found : -found - 1;
  }
}
