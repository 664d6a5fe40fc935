package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class SunTest {

  private static final Place GREENWICH = new Place("Greenwich", "GB", 51.4779, 0);
  private static final Place QUITO = new Place("Quito", "EC", -0.2167, -78.5);
  private static final Place SVALBARD = new Place("Longyearbyen", "SJ", 78, 16);

  @Test
  void risesAndSetsInGreenwichAtMidsummer() {
    Sun.Daylight day = Sun.daylight(GREENWICH, LocalDate.of(2026, 6, 21));

    assertThat(day.sunrise())
        .isCloseTo(Instant.parse("2026-06-21T03:43:00Z"), within(3, ChronoUnit.MINUTES));
    assertThat(day.sunset())
        .isCloseTo(Instant.parse("2026-06-21T20:21:00Z"), within(3, ChronoUnit.MINUTES));
  }

  @Test
  void givesTheEquatorTwelveHoursAndTheSunsOwnWidth() {
    Duration length = Sun.daylight(QUITO, LocalDate.of(2026, 1, 15)).length();

    assertThat(length).isCloseTo(Duration.ofMinutes(12 * 60 + 7), Duration.ofMinutes(2));
  }

  @Test
  void neitherSetsNorRisesInTheFarNorth() {
    assertThat(Sun.daylight(SVALBARD, LocalDate.of(2026, 6, 21)))
        .hasToString("the sun doesn't set");
    assertThat(Sun.daylight(SVALBARD, LocalDate.of(2026, 12, 21)))
        .hasToString("the sun doesn't rise");
  }

  @Test
  void hasItsLongestDayAroundTheSolstice() {
    LocalDate longest =
        Sun.longestDay(GREENWICH, LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 31));

    assertThat(longest).isBetween(LocalDate.of(2026, 6, 20), LocalDate.of(2026, 6, 22));
  }

  @Test
  void standsOverTheEquatorAtTheEquinox() {
    Sun.Zenith zenith = Sun.zenith(Instant.parse("2026-03-20T12:00:00Z"));

    assertThat(zenith.latitude()).isCloseTo(0, within(0.1));
    assertThat(zenith.longitude()).isCloseTo(1.9, within(0.3));
  }

  @Test
  void standsOverAPlaceAtItsNoon() {
    Sun.Daylight day = Sun.daylight(QUITO, LocalDate.of(2026, 8, 1));
    Instant noon = day.sunrise().plus(day.length().dividedBy(2));

    assertThat(Sun.zenith(noon).longitude()).isCloseTo(QUITO.longitude(), within(0.1));
  }
}
