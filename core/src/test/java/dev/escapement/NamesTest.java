package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "send-invoice", "Rechnung senden", "évènement", "🎉", "a🎉b", "日本"})
  void takesWhatPeopleWrite(String name) {
    assertThat(Names.job(name)).isEqualTo(name);
    assertThat(Names.queue(name)).isEqualTo(name);
    assertThat(Names.key(name, "job")).isEqualTo(name);
    assertThat(Names.requestedQueue(name, "job")).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "''|is empty",
        "'   '|is empty",
        "' a'|begins or ends with white space",
        "'a '|begins or ends with white space",
        "a\u0000b|has the control character U+0000 at position 1",
        "a\tb|has the control character U+0009 at position 1",
        "a\u0085|has the control character U+0085 at position 1",
      })
  void refusesWhatStoresOrPeopleWouldMisread(String name, String fault) {
    assertRefused(name, fault);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xD83C, 0xDF89})
  void refusesLoneSurrogates(int half) {
    String fault = "has the lone surrogate U+%04X".formatted(half);
    assertRefused((char) half + "a", fault + " at position 0");
    assertRefused("a" + (char) half, fault + " at position 1");
    assertRefused("🎉" + (char) half, fault + " at position 2");
  }

  private static void assertRefused(String name, String fault) {
    assertThatThrownBy(() -> Names.job(name))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageStartingWith("The job name " + Names.quote(name) + " ")
        .hasMessageContaining(fault);
    assertThatThrownBy(() -> Names.queue(name))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining(fault);
    assertThatThrownBy(() -> Names.requestedQueue(name, "mail"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("of a request for job \"mail\" " + fault);
    assertThatThrownBy(() -> Names.key(name, "mail"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("of a request for job \"mail\" " + fault);
  }

  @Test
  void countsCharacters() {
    assertThat(Names.job("x".repeat(120))).hasSize(120);
    assertThat(Names.key("x".repeat(200), "job")).hasSize(200);
    assertThat(Names.queue("x".repeat(60))).hasSize(60);

    assertThatThrownBy(() -> Names.job("x".repeat(121)))
        .hasMessageContaining("has 121 characters; at most 120 are allowed");
    assertThatThrownBy(() -> Names.key("x".repeat(201), "job"))
        .hasMessageContaining("has 201 characters; at most 200 are allowed");
    assertThatThrownBy(() -> Names.queue("x".repeat(61)))
        .hasMessageContaining("has 61 characters; at most 60 are allowed");
  }

  @Test
  void keepsKeysThatBeginWithADollarForTheLibrary() {
    assertThatThrownBy(() -> Names.key("$standing", "mail"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "The key \"$standing\" of a request for job \"mail\" begins with $, which is"
                + " reserved.");
    assertThat(Names.key("a$", "mail")).isEqualTo("a$");
    assertThat(Names.job("$mail")).isEqualTo("$mail");
  }

  @Test
  void quotesSoThatEveryCharacterCanBeSeen() {
    assertThat(Names.quote("a🎉")).isEqualTo("\"a🎉\"");
    assertThat(Names.quote("a\u0000\n\uD83C")).isEqualTo("\"a\\u0000\\u000A\\uD83C\"");
    assertThat(Names.quote("x".repeat(60))).isEqualTo("\"" + "x".repeat(60) + "\"");
    assertThat(Names.quote("🎉".repeat(61))).isEqualTo("\"" + "🎉".repeat(60) + "…\"");
  }
}
