package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobRequestTest {

  record Invoice(int number) {}

  private static final JobType<Invoice> SEND = JobType.of("send", Invoice.class);
  private static final JobType<Void> SWEEP = JobType.of("sweep");

  @Test
  void saysEverything() {
    Instant dawn = Instant.parse("2026-03-01T06:00:00Z");
    JobRequest<Invoice> request =
        SEND.with(new Invoice(42)).key("inv-42").at(dawn).queue("mail").priority(Priority.HIGH);

    assertThat(request.type()).isEqualTo(SEND);
    assertThat(request.payload()).contains(new Invoice(42));
    assertThat(request.key()).contains("inv-42");
    assertThat(request.due()).isEqualTo(Due.at(dawn));
    assertThat(request.queue()).contains("mail");
    assertThat(request.priority()).contains(Priority.HIGH);
  }

  @Test
  void leavesToTheJobWhatItDoesNotSay() {
    JobRequest<Void> request = SWEEP.request();

    assertThat(request.payload()).isEmpty();
    assertThat(request.key()).isEmpty();
    assertThat(request.due()).isEqualTo(Due.now());
    assertThat(request.queue()).isEmpty();
    assertThat(request.priority()).isEmpty();
  }

  @Test
  void whatAConflictDoesMayBeSaidBeforeTheKey() {
    assertThat(SWEEP.request().onConflict(OnConflict.REPLACE).key("all").onConflict())
        .isEqualTo(OnConflict.REPLACE);
    assertThat(SWEEP.request().key("all").onConflict(OnConflict.FAIL).onConflict())
        .isEqualTo(OnConflict.FAIL);
    assertThat(SWEEP.request().key("all").onConflict()).isEqualTo(OnConflict.KEEP);
  }

  @Test
  void withoutAKeyThereIsNoConflict() {
    assertThat(SWEEP.request().onConflict(OnConflict.FAIL).onConflict()).isEqualTo(OnConflict.KEEP);
  }

  @Test
  void eachWordLeavesTheOthersAsTheyAre() {
    JobRequest<Invoice> request =
        SEND.with(new Invoice(42))
            .onConflict(OnConflict.RESCHEDULE)
            .queue("mail")
            .priority(Priority.HIGH)
            .after(Duration.ofMinutes(10))
            .key("inv-42");

    assertThat(request.onConflict()).isEqualTo(OnConflict.RESCHEDULE);
    assertThat(request.queue()).contains("mail");
    assertThat(request.priority()).contains(Priority.HIGH);
    assertThat(request.due()).isEqualTo(Due.in(Duration.ofMinutes(10)));
    assertThat(request.at(Instant.EPOCH).onConflict()).isEqualTo(OnConflict.RESCHEDULE);
    assertThat(request.onConflict(OnConflict.KEEP).payload()).contains(new Invoice(42));
  }

  @Test
  void aChangeMakesACopy() {
    JobRequest<Void> request = SWEEP.request();
    JobRequest<Void> later = request.after(Duration.ofMinutes(10));

    assertThat(later.due()).isEqualTo(Due.in(Duration.ofMinutes(10)));
    assertThat(request.due()).isEqualTo(Due.now());
  }

  @Test
  void theNameAndTheClassOfThePayloadAreChecked() {
    assertThatThrownBy(() -> JobType.of(" ")).isInstanceOf(InvalidDeclarationException.class);
    assertThatThrownBy(() -> JobType.of("count", int.class))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage("Job \"count\" can't take a primitive int; name its wrapper class.");
  }

  @Test
  void thePayloadMustBeWhatTheJobTakes() {
    assertThatThrownBy(SEND::request)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "Job \"send\" takes a dev.escapement.JobRequestTest$Invoice; use with(payload).");
    assertThatThrownBy(() -> unchecked(SEND).with("invoice 42"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "Job \"send\" takes a dev.escapement.JobRequestTest$Invoice, not a java.lang.String.");
    assertThatThrownBy(() -> unchecked(SWEEP).with("everything"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("Job \"sweep\" takes no payload; use request().");
  }

  @SuppressWarnings("unchecked")
  private static JobType<Object> unchecked(JobType<?> type) {
    return (JobType<Object>) type;
  }

  @Test
  void whatIsWrongWithARequestIsAnInvalidRequest() {
    JobRequest<Void> request = SWEEP.request();

    assertThatThrownBy(() -> request.key("")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> request.queue("a\nb")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> request.at(Instant.MAX)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> request.after(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void headersAreKeptByNameInTheirOrder() {
    JobRequest<Void> request = SWEEP.request().header("b", "1").header("a", "2").header("b", "3");

    assertThat(request.headers()).containsExactly(Map.entry("b", "3"), Map.entry("a", "2"));
    assertThat(request.key("k").after(Duration.ZERO).queue("q").headers())
        .isEqualTo(request.headers());
    assertThat(request.onConflict(OnConflict.FAIL).at(Instant.EPOCH).headers())
        .isEqualTo(request.headers());
    assertThatThrownBy(() -> request.headers().put("c", "4"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(SWEEP.request().headers()).isEmpty();
  }

  @Test
  void aHeaderMakesACopy() {
    JobRequest<Void> request = SWEEP.request().header("a", "1");
    request.header("a", "2");

    assertThat(request.headers()).containsExactly(Map.entry("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a\nb", "\uD83D"})
  void aHeaderHasAName(String name) {
    assertThatThrownBy(() -> SWEEP.request().header(name, "x"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("The header name ")
        .hasMessageContaining("\"sweep\"");
  }

  @Test
  void namesAndValuesOfHeadersHaveALargestLength() {
    JobRequest<Void> request = SWEEP.request();

    assertThat(request.header("n".repeat(120), "字".repeat(400)).headers()).hasSize(1);
    assertThat(request.header("n", "v".repeat(1_000)).headers()).hasSize(1);
    assertThatThrownBy(() -> request.header("n".repeat(121), ""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at most 120 are allowed");
    assertThatThrownBy(() -> request.header("n", "v".repeat(1_001)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "The value of the header \"n\" of a request for job \"sweep\" has 1001 characters; at"
                + " most 1000 are allowed. Put what is large into the payload.");
  }

  @Test
  void aValueOfAHeaderIsAnyTextThatCanBeWritten() {
    String odd = " \u0000\n=&%+📬";

    assertThat(SWEEP.request().header("a", "").header("b", odd).headers())
        .containsExactly(Map.entry("a", ""), Map.entry("b", odd));
    assertThatThrownBy(() -> SWEEP.request().header("a", "x\uDC00"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("\"a\"")
        .hasMessageContaining("lone surrogate U+DC00 at position 1");
  }

  @Test
  void allHeadersTogetherHaveALargestSizeAsTheyAreWritten() {
    JobRequest<Void> request = SWEEP.request();
    for (int i = 0; i < 4; i++) {
      request = request.header("h" + i, "v".repeat(1_000));
    }
    JobRequest<Void> almost = request;

    // 4 x ("h0=" and 1,000), 3 x "&", and "&r=" with 78 characters: 4,096 bytes.
    assertThat(almost.header("r", "v".repeat(78)).headers()).hasSize(5);
    assertThat(almost.header("r", "é".repeat(13)).headers()).hasSize(5);
    assertThatThrownBy(() -> almost.header("r", "v".repeat(79)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "The headers of a request for job \"sweep\" have 4097 bytes with \"r\", written as in a"
                + " URL; at most 4096 are allowed. Put what is large into the payload.");
    assertThatThrownBy(() -> almost.header("r", "é".repeat(14)))
        .isInstanceOf(InvalidRequestException.class);
  }
}
