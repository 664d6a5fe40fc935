package dev.escapement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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
}
