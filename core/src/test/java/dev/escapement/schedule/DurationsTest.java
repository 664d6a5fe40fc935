package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "30s, PT30S",
    "2m, PT2M",
    "36h, PT36H",
    "7d, P7D",
    "1h30m, PT1H30M",
    "1h 30 m, PT1H30M",
    "'  30s ', PT30S",
    "1m500ms, PT1M0.5S",
    "PT5M, PT5M",
    "pt5m, PT5M",
    "P1DT2H, P1DT2H",
    "999999999d, P999999999D",
  })
  void readsWhatPeopleWrite(String text, Duration duration) {
    assertThat(Durations.parse(text, "The timeout")).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "30",
        "s",
        "1 0s",
        "30 seconds",
        "30S",
        "1.5h",
        "-5s",
        "٣s",
        "9999999999s"
      })
  void refusesWhatCanNotBeRead(String text) {
    assertThatThrownBy(() -> Durations.parse(text, "The timeout"))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            "The timeout can't be "
                + Quotes.quote(text)
                + "; a duration looks like 250ms, 30s, 2m, 1h30m, 7d or PT2M.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "0h0m", "PT0S", "PT-5M", "-PT5M"})
  void refusesWhatIsNotPositive(String text) {
    assertThatThrownBy(() -> Durations.parse(text, "The timeout"))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage("The timeout can't be \"" + text + "\"; make it positive.");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.25S, 250ms",
    "PT30S, 30s",
    "PT90S, 1m30s",
    "PT1H30M, 1h30m",
    "P7D, 7d",
    "PT26H0.001S, 1d2h1ms",
    "PT0.0015S, PT0.0015S",
    "PT0.000000001S, PT0.000000001S",
    "PT0S, 0s",
    "PT-5S, PT-5S",
    "P999999999D, 999999999d",
    "P1000000000D, PT24000000000H",
  })
  void writesWhatPeopleRead(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
    if (!duration.isZero() && !duration.isNegative()) {
      assertThat(Durations.parse(text, "The timeout")).isEqualTo(duration);
    }
  }
}
