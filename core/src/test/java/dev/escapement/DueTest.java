package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.000001Z");

  @Test
  void anInstantIsMeantAsItIs() {
    Instant instant = Instant.parse("2026-03-01T11:00:00Z");
    assertThat(Due.at(instant).resolve(NOW)).isEqualTo(instant);
  }

  @Test
  void aDelayIsCountedFromTheStoresNow() {
    assertThat(Due.now().resolve(NOW)).isEqualTo(NOW);
    assertThat(Due.in(Duration.ofMinutes(10)).resolve(NOW))
        .isEqualTo(Instant.parse("2026-03-01T12:10:00.000001Z"));
  }

  @Test
  void nothingIsFinerThanAMicrosecond() {
    assertThat(Due.at(Instant.parse("2026-03-01T12:00:00.123456999Z")))
        .isEqualTo(Due.at(Instant.parse("2026-03-01T12:00:00.123456Z")));
    assertThat(Due.in(Duration.ofNanos(1_999))).isEqualTo(Due.in(Duration.ofNanos(1_000)));
    assertThat(Due.now().resolve(Instant.parse("2026-03-01T12:00:00.123456999Z")))
        .isEqualTo(Instant.parse("2026-03-01T12:00:00.123456Z"));
  }

  @Test
  void theRangeIs1970To9999() {
    assertThat(Due.at(Instant.EPOCH).resolve(NOW)).isEqualTo(Due.EARLIEST);
    assertThat(Due.at(Instant.parse("9999-12-31T23:59:59.999999999Z")).resolve(NOW))
        .isEqualTo(Due.LATEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31T23:59:59.999999999Z",
        "+10000-01-01T00:00:00Z",
        "-1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z"
      })
  void anInstantOutOfRangeIsRefused(Instant instant) {
    assertThatThrownBy(() -> Due.at(instant))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the range is 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z");
  }

  @Test
  void aDelayOutOfRangeIsRefused() {
    assertThatThrownBy(() -> Due.in(Duration.ofNanos(-1)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("PT-0.000000001S");
    assertThatThrownBy(() -> Due.in(Duration.ofDays(365_001)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at most 365000 days");
  }

  @Test
  void aDelayThatEndsAfterTheRangeIsItsEnd() {
    Instant late = Instant.parse("9999-12-31T00:00:00Z");
    assertThat(Due.in(Duration.ofDays(365_000)).resolve(late)).isEqualTo(Due.LATEST);
  }
}
