package dev.escapement.conformance;

import dev.escapement.Due;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.TriggerKind;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A trigger to be: one-time, without key, placed by its job, due long ago, unless it says more. */
final class Draft {

  private final TriggerKind kind;
  private final String job;
  private final @Nullable String key;
  private final Placement placement;
  private final Due due;
  private final byte[] payload;

  private Draft(
      TriggerKind kind,
      String job,
      @Nullable String key,
      Placement placement,
      Due due,
      byte[] payload) {
    this.kind = kind;
    this.job = job;
    this.key = key;
    this.placement = placement;
    this.due = due;
    this.payload = payload;
  }

  static Draft of(String job) {
    return new Draft(
        TriggerKind.ONE_TIME, job, null, Placement.OF_JOB, Due.at(Contract.LONG_AGO), new byte[0]);
  }

  static Draft standing(String job) {
    return new Draft(
        TriggerKind.STANDING,
        job,
        TriggerKind.STANDING_KEY,
        Placement.OF_JOB,
        Due.at(Contract.LONG_AGO),
        new byte[0]);
  }

  Draft key(String unique) {
    return new Draft(kind, job, unique, placement, due, payload);
  }

  Draft queue(String queue) {
    return placed(new Placement(queue, placement.priority()));
  }

  Draft priority(Priority priority) {
    return placed(new Placement(placement.queue(), priority));
  }

  private Draft placed(Placement other) {
    return new Draft(kind, job, key, other, due, payload);
  }

  Draft due(Instant instant) {
    return due(Due.at(instant));
  }

  Draft due(Due other) {
    return new Draft(kind, job, key, placement, other, payload);
  }

  Draft payload(byte[] bytes) {
    return new Draft(kind, job, key, placement, due, bytes);
  }

  NewTrigger make() {
    return new NewTrigger(TriggerId.next(), kind, job, key, placement, due, payload);
  }

  List<NewTrigger> make(int count) {
    return Stream.generate(this::make).limit(count).toList();
  }
}
