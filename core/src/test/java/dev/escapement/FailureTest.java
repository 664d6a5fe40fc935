package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void tellsWhatAHandlerThrew() {
    Failure failure =
        Failure.of(new IllegalStateException("no mailer", new IOException("refused")));

    assertThat(failure.type()).isEqualTo("java.lang.IllegalStateException");
    assertThat(failure.message()).isEqualTo("no mailer");
    assertThat(failure.trace())
        .startsWith("java.lang.IllegalStateException: no mailer")
        .contains("FailureTest.tellsWhatAHandlerThrew")
        .contains("Caused by: java.io.IOException: refused");
  }

  @Test
  void anExceptionWithoutMessageHasAnEmptyOne() {
    assertThat(Failure.of(new IllegalStateException()).message()).isEmpty();
  }

  @Test
  void whatNoDatabaseTakesIsReplaced() {
    assertThat(message("a\u0000b")).isEqualTo("a\uFFFDb");
    assertThat(message("a\uD83C")).isEqualTo("a\uFFFD");
    assertThat(message("\uDF89a")).isEqualTo("\uFFFDa");
    assertThat(message("\uDF89\uD83C")).isEqualTo("\uFFFD\uFFFD");
    assertThat(message("\u0000🎉é\n\t")).isEqualTo("\uFFFD🎉é\n\t");
    assertThat(message("🎉 plain")).isEqualTo("🎉 plain");
  }

  @Test
  void whatIsLongIsCutAndNeverInTheMiddleOfACharacter() {
    assertThat(message("x".repeat(5_000))).hasSize(2_000);
    assertThat(message("x".repeat(1_998) + "🎉🎉")).isEqualTo("x".repeat(1_998) + "🎉");
    assertThat(message("x".repeat(1_999) + "🎉")).isEqualTo("x".repeat(1_999) + "\uFFFD");
    assertThat(new Failure("t".repeat(500), "", "s".repeat(50_000)))
        .isEqualTo(new Failure("t".repeat(200), "", "s".repeat(16_000)));
  }

  private static String message(String text) {
    return Failure.because("word", text).message();
  }

  @Test
  void anExceptionWhoseOwnMethodsThrowIsAFailureLikeAnyOther() {
    assertThat(Failure.of(new Hostile()).type()).isEqualTo(Hostile.class.getName());
    assertThat(Failure.of(new Hostile()).message())
        .isEqualTo("(the exception's own methods threw java.lang.AssertionError)");
  }

  private static final class Hostile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new AssertionError("not telling");
    }
  }
}
