package dev.escapement.schedule;

/** Times of a day, in seconds since its local midnight. At least one. */
interface TimesOfDay {

  int NONE = -1;
  int SECONDS_PER_DAY = 86_400;

  /** The first one that isn't before {@code second}, or {@link #NONE}. */
  int atOrAfter(int second);

  /** The last one that isn't after {@code second}, or {@link #NONE}. */
  int atOrBefore(int second);

  /**
   * How many lie before {@code second}.
   *
   * @param second up to {@value #SECONDS_PER_DAY}, which counts them all
   */
  int countBefore(int second);
}
