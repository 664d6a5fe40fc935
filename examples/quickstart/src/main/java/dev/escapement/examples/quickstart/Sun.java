package dev.escapement.examples.quickstart;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where the sun stands, by the sunrise equation: a few minutes off near the polar circles, about
 * one elsewhere. Computes with {@link StrictMath}, so that every replica gets the same to the last
 * bit.
 */
final class Sun {

  private static final Instant J2000 = Instant.parse("2000-01-01T12:00:00Z");
  private static final double SECONDS_PER_DAY = 86_400;

  /** The sun's upper edge, seen through the air, is on the horizon when its centre is here. */
  private static final double HORIZON = -0.833;

  private static final double TILT_OF_THE_EARTH = 23.4397;

  private Sun() {}

  /**
   * From sunrise to sunset. Where the sun doesn't set it is the whole day around noon; where it
   * doesn't rise it is noon, for no time.
   */
  record Daylight(Instant sunrise, Instant sunset) {

    private static final DateTimeFormatter CLOCK =
        DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

    Duration length() {
      return Duration.between(sunrise, sunset);
    }

    @Override
    public String toString() {
      Duration length = length();
      if (length.isZero()) {
        return "the sun doesn't rise";
      }
      return length.toHours() >= 24
          ? "the sun doesn't set"
          : "sun from " + CLOCK.format(sunrise) + " to " + CLOCK.format(sunset) + " UTC";
    }
  }

  /** The point of the earth that has the sun in its zenith. */
  record Zenith(double latitude, double longitude) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "sun over %.2f%s %.2f%s",
          Math.abs(latitude),
          latitude < 0 ? "S" : "N",
          Math.abs(longitude),
          longitude < 0 ? "W" : "E");
    }
  }

  static Daylight daylight(Place place, LocalDate day) {
    Instant noonInGreenwich = day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    double meanNoon = daysSinceJ2000(noonInGreenwich) - place.longitude() / 360;
    Orbit orbit = Orbit.at(meanNoon);
    Instant noon = J2000.plusSeconds(seconds(meanNoon + orbit.noonIsLateBy()));
    long halfDay = seconds(hourAngleOfSunset(place.latitude(), orbit.declination()) / 360);
    return new Daylight(noon.minusSeconds(halfDay), noon.plusSeconds(halfDay));
  }

  /** The daylight of a day, in words. */
  static String times(Place place, LocalDate day) {
    return place.name() + ": " + daylight(place, day);
  }

  /** The first of the longest days from {@code first} to {@code last}. */
  static LocalDate longestDay(Place place, LocalDate first, LocalDate last) {
    LocalDate longest = first;
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      longest = longer(place, longest, day);
    }
    return longest;
  }

  /** The day with more daylight; the first if both have the same. */
  static LocalDate longer(Place place, LocalDate first, LocalDate second) {
    Duration ofFirst = daylight(place, first).length();
    return daylight(place, second).length().compareTo(ofFirst) > 0 ? second : first;
  }

  static Zenith zenith(Instant instant) {
    double days = daysSinceJ2000(instant);
    Orbit orbit = Orbit.at(days);
    double turns = days - orbit.noonIsLateBy();
    return new Zenith(orbit.declination(), -360 * (turns - StrictMath.rint(turns)));
  }

  /** Degrees from noon to sunset: 0 if the sun doesn't rise, 180 if it doesn't set. */
  private static double hourAngleOfSunset(double latitude, double declination) {
    double cosine =
        (sin(HORIZON) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination));
    return StrictMath.toDegrees(StrictMath.acos(Math.max(-1, Math.min(1, cosine))));
  }

  /**
   * The sun as the earth's orbit shows it.
   *
   * @param declination degrees north of the equator
   * @param noonIsLateBy days from the mean noon of a place to its true one
   */
  private record Orbit(double declination, double noonIsLateBy) {
    static Orbit at(double daysSinceJ2000) {
      double anomaly = (357.5291 + 0.98560028 * daysSinceJ2000) % 360;
      double center = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly);
      double perihelion = 102.9372 + 0.0000470935 * daysSinceJ2000;
      double longitude = anomaly + center + 180 + perihelion;
      return new Orbit(
          StrictMath.toDegrees(StrictMath.asin(sin(longitude) * sin(TILT_OF_THE_EARTH))),
          0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude));
    }
  }

  private static double daysSinceJ2000(Instant instant) {
    return Duration.between(J2000, instant).toMillis() / (1000 * SECONDS_PER_DAY);
  }

  private static long seconds(double days) {
    return Math.round(days * SECONDS_PER_DAY);
  }

  private static double sin(double degrees) {
    return StrictMath.sin(StrictMath.toRadians(degrees));
  }

  private static double cos(double degrees) {
    return StrictMath.cos(StrictMath.toRadians(degrees));
  }
}
