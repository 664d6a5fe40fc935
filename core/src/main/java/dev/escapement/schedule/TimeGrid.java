package dev.escapement.schedule;

/**
 * Every combination of some hours, minutes and seconds.
 *
 * @param hours bits 0 to 23, not empty, like the others
 * @param minutes bits 0 to 59
 * @param seconds bits 0 to 59
 */
record TimeGrid(long hours, long minutes, long seconds) implements TimesOfDay {

  @Override
  public int atOrAfter(int second) {
    int hour = second / 3600;
    int minute = second / 60 % 60;
    if (Bits.has(hours, hour)) {
      int same = Bits.has(minutes, minute) ? Bits.atOrAfter(seconds, second % 60) : NONE;
      if (same != NONE) {
        return at(hour, minute, same);
      }
      int laterMinute = Bits.atOrAfter(minutes, minute + 1);
      if (laterMinute != NONE) {
        return at(hour, laterMinute, Bits.atOrAfter(seconds, 0));
      }
    }
    int laterHour = Bits.atOrAfter(hours, hour + 1);
    return laterHour == NONE
        ? NONE
        : at(laterHour, Bits.atOrAfter(minutes, 0), Bits.atOrAfter(seconds, 0));
  }

  @Override
  public int atOrBefore(int second) {
    int hour = second / 3600;
    int minute = second / 60 % 60;
    if (Bits.has(hours, hour)) {
      int same = Bits.has(minutes, minute) ? Bits.atOrBefore(seconds, second % 60) : NONE;
      if (same != NONE) {
        return at(hour, minute, same);
      }
      int earlierMinute = Bits.atOrBefore(minutes, minute - 1);
      if (earlierMinute != NONE) {
        return at(hour, earlierMinute, Bits.atOrBefore(seconds, 59));
      }
    }
    int earlierHour = Bits.atOrBefore(hours, hour - 1);
    return earlierHour == NONE
        ? NONE
        : at(earlierHour, Bits.atOrBefore(minutes, 59), Bits.atOrBefore(seconds, 59));
  }

  private static int at(int hour, int minute, int second) {
    return hour * 3600 + minute * 60 + second;
  }

  @Override
  public int countBefore(int second) {
    int hour = second / 3600;
    int minute = second / 60 % 60;
    int perMinute = Long.bitCount(seconds);
    int count = Bits.countBelow(hours, hour) * Long.bitCount(minutes) * perMinute;
    if (Bits.has(hours, hour)) {
      count += Bits.countBelow(minutes, minute) * perMinute;
      if (Bits.has(minutes, minute)) {
        count += Bits.countBelow(seconds, second % 60);
      }
    }
    return count;
  }
}
