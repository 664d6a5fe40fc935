package dev.escapement.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Failure;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ending;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes, text and instants come back as they went in. */
abstract class ValueContract extends Contract {

  ValueContract(Supplier<Store> newStore) {
    super(newStore);
  }

  @Test
  void keepsEveryByteOfAPayload() {
    byte[] payload = new byte[64 * 1024];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) i;
    }
    Claim claim = claimed(openNode(), Draft.of(JOB).payload(payload));
    assertThat(claim.payload()).isEqualTo(payload);
    assertThat(row(claim.guard().id()).payload()).isEqualTo(payload);
    Ending keeping = new Ending(Outcome.FAILED, null, null, null, true, null, true);
    store.claims().complete(List.of(new Completion(claim.guard(), keeping, Next.REMOVE)));
    assertThat(execution(claim.guard().id()).payload()).isEqualTo(payload);
  }

  @Test
  void keepsAnEmptyPayload() {
    Claim claim = claimed(openNode(), Draft.of(JOB));
    assertThat(claim.payload()).isEmpty();
    assertThat(row(claim.guard().id()).payload()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "发票 📬", "Ünïcødé é", "'; -- \\ \" % _ ? $1 :name {}", "👩‍👩‍👧"})
  void keepsNamesExactly(String name) {
    Node node = Node.open(store, new JobDeclaration(name, name, Priority.NORMAL, null));
    TriggerId id = enqueue(Draft.of(name).key(name));
    List<Claim> claims = node.claim(name, 10).claims();
    assertThat(ids(claims)).containsExactly(id);
    Claim claim = claims.get(0);
    assertThat(List.of(claim.job(), String.valueOf(claim.key()), claim.queue())).containsOnly(name);
    assertThat(store.triggers().find(name, name)).map(TriggerRecord::id).contains(id);
    end(claim, Outcome.SUCCEEDED, Next.REMOVE);
    assertThat(execution(id).job()).isEqualTo(name);
    assertThat(execution(id).jobKey()).isEqualTo(name);
  }

  @Test
  void keepsTheLongestNames() {
    String job = "字".repeat(120);
    String key = "鍵".repeat(200);
    String queue = "列".repeat(60);
    TriggerRecord row = row(enqueue(Draft.of(job).key(key).queue(queue)));
    assertThat(List.of(row.job(), String.valueOf(row.key()), row.queue()))
        .containsExactly(job, key, queue);
  }

  @Test
  void tellsKeysApartByCaseAndAccent() {
    assertThat(
            enqueueAll(
                Draft.of(JOB).key("resume"),
                Draft.of(JOB).key("Resume"),
                Draft.of(JOB).key("résumé"),
                Draft.of(JOB.toUpperCase(Locale.ROOT)).key("resume")))
        .allMatch(answer -> answer.created());
  }

  @Test
  void neverRoundsUpToTheNextMicrosecond() {
    Instant nanos = Instant.parse("2024-05-06T07:08:09.999999999Z");
    Instant micros = Instant.parse("2024-05-06T07:08:09.999999Z");
    Claim claim = claimed(openNode(), Draft.standing(JOB).due(nanos));
    assertThat(claim.due()).isEqualTo(micros);
    assertThat(store.claims().advance(claim.guard(), nanos.plus(HOUR), nanos.plus(HOUR), 0))
        .isTrue();
    assertThat(row(claim.guard().id()).fireTime()).isEqualTo(micros.plus(HOUR));

    Ending ending = new Ending(Outcome.FAILED, nanos, nanos, null, false, null, true);
    Next retry = new Next.Retry(Due.at(nanos));
    store.claims().complete(List.of(new Completion(claim.guard(), ending, retry)));
    assertThat(row(claim.guard().id()).due()).isEqualTo(micros);
    ExecutionRecord execution = execution(claim.guard().id());
    assertThat(execution.startedAt()).isEqualTo(micros);
    assertThat(execution.endedAt()).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "2026-03-29T00:30:00Z",
        "2026-03-29T01:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00.000001Z",
        "2038-01-19T03:14:08Z",
        "9999-12-31T23:59:59.999999Z"
      })
  void keepsInstantsWhateverTheTimeZonesOfTheNodes(String text) {
    Instant due = Instant.parse(text);
    TriggerId id = in("Europe/Berlin", () -> enqueue(Draft.of(JOB).due(due)));
    TriggerRecord row =
        in("America/New_York", () -> anotherStore().triggers().find(id).orElseThrow());
    assertThat(row.due()).isEqualTo(due);
    assertThat(row.fireTime()).isEqualTo(due);
  }

  private static <T> T in(String timeZone, Supplier<T> action) {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(timeZone));
    try {
      return action.get();
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void keepsTheTextOfAFailure() {
    Failure failure =
        new Failure(
            "com.example.Übel", "支払い失敗 💥 'quoted' \\ back", "at line\n\t💥\n".repeat(2_000));
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Ending ending = new Ending(Outcome.FAILED, null, null, failure, false, null, true);
    store.claims().complete(List.of(new Completion(claim.guard(), ending, Next.REMOVE)));
    assertThat(execution(claim.guard().id()).failure()).isEqualTo(failure);
  }

  @Test
  void keepsAFailureWithoutText() {
    Failure failure = new Failure("lost", "", "");
    Claim claim = claimed(openNode(), Draft.of(JOB));
    Ending ending = Ending.unseen(Outcome.LOST, failure, false);
    store.claims().complete(List.of(new Completion(claim.guard(), ending, Next.REMOVE)));
    assertThat(execution(claim.guard().id()).failure()).isEqualTo(failure);
  }
}
