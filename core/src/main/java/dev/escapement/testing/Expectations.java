package dev.escapement.testing;

import static java.util.Objects.requireNonNull;

import dev.escapement.Execution;
import dev.escapement.JobType;
import dev.escapement.PayloadCodec;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What waits and what has run, and what a test expects of it. */
final class Expectations {

  private static final int NAMED_IN_ERRORS = 20;

  private final Hand hand;
  private final PayloadCodec codec;

  Expectations(Hand hand, PayloadCodec codec) {
    this.hand = hand;
    this.codec = codec;
  }

  <T> List<EnqueuedJob<T>> enqueued(JobType<T> type) {
    return hand.list(TriggerFilter.ofJob(type.name())).stream()
        .filter(each -> !each.recurring())
        .map(each -> shown(type, each))
        .toList();
  }

  private static <T> EnqueuedJob<T> shown(JobType<T> type, TriggerStatus trigger) {
    return new EnqueuedJob<>(
        trigger.id(),
        trigger.job(),
        payload(type, trigger),
        trigger.headers(),
        trigger.key(),
        // Only a recurring trigger may wait for nothing.
        requireNonNull(trigger.due().orElse(null)),
        trigger.queue(),
        trigger.priority(),
        trigger.state(),
        trigger.attempt());
  }

  /** That of a job that takes none is null, the only value of Void. */
  @SuppressWarnings("NullAway")
  private static <T> T payload(JobType<T> type, TriggerStatus trigger) {
    return type.takesPayload() ? trigger.payload().as(type.payload()) : null;
  }

  List<Execution> executed(String job) {
    return hand.all().stream()
        .filter(each -> each.job().equals(job) && each.startedAt().isPresent())
        .toList();
  }

  void assertEnqueued(JobType<?> type) {
    if (enqueued(type).isEmpty()) {
      throw new AssertionError("Nothing is enqueued for job \"" + type.name() + "\"." + rest(type));
    }
  }

  <T> void assertEnqueued(JobType<T> type, T payload) {
    byte[] written = codec.write(payload, type.payload());
    Predicate<EnqueuedJob<T>> same =
        each ->
            payload.equals(each.payload())
                || Arrays.equals(written, codec.write(each.payload(), type.payload()));
    if (enqueued(type).stream().noneMatch(same)) {
      throw new AssertionError(
          "Nothing is enqueued for job \"" + type.name() + "\" with " + payload + "." + rest(type));
    }
  }

  void assertNotEnqueued(JobType<?> type) {
    List<? extends EnqueuedJob<?>> found = enqueued(type);
    if (!found.isEmpty()) {
      throw new AssertionError(
          "Job \"" + type.name() + "\" should not be enqueued, and is:" + lines(found));
    }
  }

  void assertNothingEnqueued() {
    List<TriggerStatus> found = hand.oneTime();
    if (!found.isEmpty()) {
      List<EnqueuedJob<?>> shown =
          found.stream().<EnqueuedJob<?>>map(Expectations::unread).toList();
      throw new AssertionError("Nothing should be enqueued, and this is:" + lines(shown));
    }
  }

  /** Its payload as it was written, for nobody has said what class it is of. */
  private static EnqueuedJob<Object> unread(TriggerStatus trigger) {
    return new EnqueuedJob<>(
        trigger.id(),
        trigger.job(),
        trigger.payload(),
        trigger.headers(),
        trigger.key(),
        requireNonNull(trigger.due().orElse(null)),
        trigger.queue(),
        trigger.priority(),
        trigger.state(),
        trigger.attempt());
  }

  /** What there is instead: what waits with another payload, or has run already. */
  private String rest(JobType<?> type) {
    List<? extends EnqueuedJob<?>> waiting = enqueued(type);
    Map<String, Long> ended =
        hand.all().stream()
            .filter(each -> each.job().equals(type.name()))
            .collect(
                Collectors.groupingBy(
                    each -> each.outcome().name(), TreeMap::new, Collectors.counting()));
    return (waiting.isEmpty() ? "" : " These are:" + lines(waiting))
        + (ended.isEmpty() ? "" : " Of its attempts so far: " + ended + ".");
  }

  private static String lines(List<? extends EnqueuedJob<?>> found) {
    String first =
        found.stream()
            .limit(NAMED_IN_ERRORS)
            .map(each -> "\n  " + each)
            .collect(Collectors.joining());
    return found.size() <= NAMED_IN_ERRORS
        ? first
        : first + "\n  and " + (found.size() - NAMED_IN_ERRORS) + " more";
  }
}
