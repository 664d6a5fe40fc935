package dev.escapement;

import static dev.escapement.policy.Waits.Growth.FIXED;
import static dev.escapement.policy.Waits.Growth.LINEAR;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.schedule.CronDialect;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** Each class below makes one mistake, in a method named {@code run}. */
class AnnotationMistakesTest {

  record Invoice(int number) {}

  static class Bare {
    void run() {}
  }

  static class Both {
    @JobHandler("x")
    @Recurring(name = "x", every = "1s")
    void run() {}
  }

  static class TwoPayloads {
    @JobHandler("x")
    void run(Invoice invoice, JobContext context, String text) {}
  }

  static class TwoContexts {
    @JobHandler("x")
    void run(JobContext one, JobContext other) {}
  }

  static class Primitive {
    @JobHandler("x")
    void run(int number) {}
  }

  static class Generic {
    @JobHandler("x")
    void run(List<Invoice> invoices) {}
  }

  static class TypeParameter<T> {
    @JobHandler("x")
    void run(T payload) {}
  }

  static class GenericArray {
    @JobHandler("x")
    void run(Map<String, Invoice>[] invoices) {}
  }

  static class OtherPayload {
    static final JobType<String> X = JobType.of("x", String.class);

    @JobHandler("x")
    void run(Invoice invoice) {}
  }

  static class NoPayload {
    static final JobType<Void> X = JobType.of("x");

    @JobHandler("x")
    void run(Invoice invoice) {}
  }

  static class Later {
    @JobHandler("x")
    CompletableFuture<String> run() {
      return CompletableFuture.completedFuture("");
    }
  }

  static class RecurringPayload {
    @Recurring(name = "x", every = "1s")
    void run(Invoice invoice) {}
  }

  static class NeverFires {
    @Recurring(name = "x")
    void run() {}
  }

  static class FiresTwice {
    @Recurring(name = "x", every = "1s", fixedDelay = "2s")
    void run() {}
  }

  static class ZonedRate {
    @Recurring(name = "x", every = "1s", zone = "Europe/Zurich")
    void run() {}
  }

  static class NoZone {
    @Recurring(name = "x", cron = "0 2 * * *", zone = "Europe/Zürich")
    void run() {}
  }

  static class TwoDialects {
    @Recurring(
        name = "x",
        cron = "0 2 * * *",
        dialect = {CronDialect.UNIX, CronDialect.QUARTZ})
    void run() {}
  }

  static class TwoReadings {
    @Recurring(name = "x", cron = "0 0 2 ? * 2")
    void run() {}
  }

  static class NoCron {
    @Recurring(name = "x", cron = "61 2 * * *")
    void run() {}
  }

  static class NoText {
    @Recurring(name = "x", schedule = "hourly-ish")
    void run() {}
  }

  static class NoThreshold {
    @Recurring(name = "x", every = "1s", misfire = @OnMisfire(threshold = "soon"))
    void run() {}
  }

  static class NoCap {
    @Recurring(name = "x", every = "1s", misfire = @OnMisfire(cap = 0))
    void run() {}
  }

  static class NoBound {
    @Recurring(name = "x", every = "1s", maxOverlap = 0)
    void run() {}
  }

  static class ZeroRate {
    @Recurring(name = "x", every = "0s")
    void run() {}
  }

  static class LongDelay {
    @Recurring(name = "x", fixedDelay = "99999d")
    void run() {}
  }

  static class WordyTimeout {
    @JobHandler(value = "x", timeout = "two minutes")
    void run() {}
  }

  static class NegativeTimeout {
    @Recurring(name = "x", every = "1s", timeout = "PT-2M")
    void run() {}
  }

  static class LongTimeout {
    @JobHandler(value = "x", timeout = "366d")
    void run() {}
  }

  static class AbandonedWithoutTimeout {
    @JobHandler(value = "x", abandonAfter = "10s")
    void run() {}
  }

  static class WordyAbandonAfter {
    @Recurring(name = "x", every = "1s", timeout = "1m", abandonAfter = "later")
    void run() {}
  }

  static class LongAbandonAfter {
    @JobHandler(value = "x", timeout = "1m", abandonAfter = "366d")
    void run() {}
  }

  static class WordyLateness {
    @JobHandler(value = "x", maxLateness = "a bit")
    void run() {}
  }

  static class LongLateness {
    @Recurring(name = "x", every = "1s", maxLateness = "366d")
    void run() {}
  }

  static class WordyAge {
    @JobHandler(value = "x", maxRetryAge = "old")
    void run() {}
  }

  static class HighAge {
    @Recurring(name = "x", every = "1s", maxRetryAge = "3651d")
    void run() {}
  }

  static class FactorOfLinear {
    @JobHandler(value = "x", backoff = @Backoff(growth = LINEAR, factor = 3))
    void run() {}
  }

  static class LowCapOfFixed {
    @JobHandler(value = "x", backoff = @Backoff(growth = FIXED, initial = "10s", max = "5s"))
    void run() {}
  }

  static class NegativeAttempts {
    @JobHandler(value = "x", maxAttempts = -1)
    void run() {}
  }

  static class NegativeAttemptsOfRecurring {
    @Recurring(name = "x", every = "1s", maxAttempts = -1)
    void run() {}
  }

  static class EmptyInitial {
    @JobHandler(value = "x", backoff = @Backoff(initial = ""))
    void run() {}
  }

  static class LowCap {
    @JobHandler(value = "x", backoff = @Backoff(initial = "10s", max = "5s"))
    void run() {}
  }

  static class ZeroCap {
    @JobHandler(value = "x", backoff = @Backoff(max = "0s"))
    void run() {}
  }

  static class LowFactor {
    @JobHandler(value = "x", backoff = @Backoff(factor = 0.5))
    void run() {}
  }

  static class HighJitter {
    @JobHandler(value = "x", backoff = @Backoff(jitter = 2))
    void run() {}
  }

  static class BadQueue {
    @JobHandler(value = "x", queue = " mail")
    void run() {}
  }

  static final List<Arguments> MISTAKES =
      List.of(
          Arguments.of(new Both(), "bears @JobHandler and @Recurring; make it two methods"),
          Arguments.of(
              new TwoPayloads(),
              "takes " + Invoice.class.getName() + " and java.lang.String, and a trigger has one"),
          Arguments.of(new TwoContexts(), "takes the JobContext twice; once is enough"),
          Arguments.of(new Primitive(), "payload is the primitive int; take Integer"),
          Arguments.of(
              new Generic(),
              "payload java.util.List<" + Invoice.class.getName() + "> is generic, and"),
          Arguments.of(new TypeParameter<Invoice>(), "payload T is generic"),
          Arguments.of(new GenericArray(), "[] is generic, and a class can't say of what; wrap it"),
          Arguments.of(
              new OtherPayload(),
              "takes "
                  + Invoice.class.getName()
                  + ", and the JobType constant of that name says java.lang.String; make them"),
          Arguments.of(
              new NoPayload(), "and the JobType constant of that name says java.lang.Void; make"),
          Arguments.of(
              new Later(), "returns a java.util.concurrent.CompletableFuture, and its job would"),
          Arguments.of(
              new RecurringPayload(),
              "recurs and takes " + Invoice.class.getName() + ", which nobody enqueues; take a"),
          Arguments.of(
              new NeverFires(),
              "says nothing of the time; say exactly one of cron, every, fixedDelay and"),
          Arguments.of(
              new FiresTwice(), "every = \"1s\" and fixedDelay = \"2s\"; say exactly one of cron"),
          Arguments.of(new ZonedRate(), "a zone or a dialect with every; they belong to cron"),
          Arguments.of(new NoZone(), "(zone) can't be \"Europe/Zürich\"; name a time zone like"),
          Arguments.of(new TwoDialects(), "names 2 cron dialects; name one"),
          Arguments.of(new TwoReadings(), "0 0 2 ? * 2"),
          Arguments.of(new NoCron(), "61 2 * * *"),
          Arguments.of(new NoText(), "hourly-ish"),
          Arguments.of(new NoThreshold(), "@OnMisfire(threshold) can't be \"soon\"; a duration"),
          Arguments.of(new NoCap(), "The cap of missed fires can't be 0; make it 1 to 1000"),
          Arguments.of(new NoBound(), "At most 0 overlapping fires can't be allowed; make it 1 to"),
          Arguments.of(new ZeroRate(), "@Recurring(every) can't be \"0s\"; make it positive"),
          Arguments.of(new LongDelay(), "fixedDelay PT2399976H isn't possible; make it 1 ms to"),
          Arguments.of(
              new WordyTimeout(), "timeout can't be \"two minutes\"; a duration looks like 250ms"),
          Arguments.of(new NegativeTimeout(), "timeout can't be \"PT-2M\"; make it positive"),
          Arguments.of(new LongTimeout(), "timeout can't be PT8784H; make it 1 ms to 365 days"),
          Arguments.of(
              new AbandonedWithoutTimeout(),
              "abandonAfter is PT10S, and there is no timeout that it could follow; say one"),
          Arguments.of(
              new WordyAbandonAfter(),
              "abandonAfter can't be \"later\"; a duration looks like 250ms"),
          Arguments.of(
              new LongAbandonAfter(),
              "abandonAfter can't be PT8784H; make it 1 ms to 365 days, or leave it away for"
                  + " never"),
          Arguments.of(
              new WordyLateness(), "maxLateness can't be \"a bit\"; a duration looks like 250ms"),
          Arguments.of(
              new LongLateness(),
              "maxLateness can't be PT8784H; make it 1 ms to 365 days, or leave it away for no"),
          Arguments.of(new WordyAge(), "maxRetryAge can't be \"old\"; a duration looks like 250ms"),
          Arguments.of(new HighAge(), "maxAge can't be PT87624H; make it 1 ms to 3650 days"),
          Arguments.of(
              new FactorOfLinear(),
              "factor can't be 3.0; make it 1, or the retry an exponential one"),
          Arguments.of(
              new LowCapOfFixed(), "max can't be PT5S; make it PT10S (initial) to 365 days"),
          Arguments.of(
              new NegativeAttempts(),
              "maxAttempts can't be -1; make it at least 1, or leave it away for 10"),
          Arguments.of(
              new NegativeAttemptsOfRecurring(),
              "maxAttempts can't be -1; make it at least 1, or leave it away for 1"),
          Arguments.of(
              new EmptyInitial(), "@Backoff(initial) can't be \"\"; a duration looks like 250ms"),
          Arguments.of(new LowCap(), "max can't be PT5S; make it PT10S (initial) to 365 days"),
          Arguments.of(new ZeroCap(), "@Backoff(max) can't be \"0s\"; make it positive"),
          Arguments.of(new LowFactor(), "factor can't be 0.5; make it between 1 and 100"),
          Arguments.of(new HighJitter(), "jitter can't be 2.0; make it between 0 and 1"),
          Arguments.of(new BadQueue(), "queue name \" mail\" begins or ends with white space"));

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void aMistakeIsRefusedWithItsPlaceItsJobItsValueAndItsRemedy(Object bean, String why) {
    assertThatThrownBy(() -> JobReader.of(bean))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageStartingWith(bean.getClass().getName() + "#run, job \"x\": ")
        .hasMessageContaining(why);
  }

  static class BadName {
    @Recurring(name = "a\nb", every = "1s")
    void run() {}
  }

  @Test
  void aNameThatCanNotBeIsRefused() {
    assertThatThrownBy(() -> JobReader.of(new BadName()))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessage(
            BadName.class.getName()
                + "#run, job \"a\\u000Ab\": The job name \"a\\u000Ab\" has the control character"
                + " U+000A at position 1; remove it.");
  }

  @Test
  void anObjectWithoutJobsIsRefused() {
    assertThatThrownBy(() -> JobReader.of(new Bare()))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageStartingWith(
            Bare.class.getName() + " has no method with @JobHandler or @Recurring; annotate one.");
  }

  @Test
  void aClassInPlaceOfAnObjectIsRefused() {
    assertThatThrownBy(() -> JobReader.of(Both.class))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageContaining("give an instance of " + Both.class.getName());
  }
}
