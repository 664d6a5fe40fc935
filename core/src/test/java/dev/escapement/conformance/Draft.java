package dev.escapement.conformance;

import dev.escapement.Due;
import dev.escapement.OnConflict;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NewTrigger.Placement;
import dev.escapement.store.NewTrigger.Standing;
import dev.escapement.store.TriggerKind;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A trigger to be: one-time, without key, placed by its job, due long ago, unless it says more. A
 * standing one fires when it is due, unless it says otherwise.
 */
final class Draft {

  static final String SCHEDULE = "each hour";

  private final NewTrigger made;

  private Draft(NewTrigger made) {
    this.made = made;
  }

  static Draft of(String job) {
    return new Draft(
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.ONE_TIME,
            job,
            null,
            Placement.OF_JOB,
            Due.at(Contract.LONG_AGO),
            null,
            new byte[0],
            OnConflict.KEEP));
  }

  static Draft standing(String job) {
    return new Draft(
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.STANDING,
            job,
            TriggerKind.STANDING_KEY,
            Placement.OF_JOB,
            Due.at(Contract.LONG_AGO),
            new Standing(SCHEDULE, Contract.LONG_AGO),
            new byte[0],
            OnConflict.KEEP));
  }

  Draft key(String unique) {
    return with(
        unique, made.placement(), made.due(), made.standing(), made.payload(), made.headers());
  }

  Draft queue(String queue) {
    return placed(new Placement(queue, made.placement().priority()));
  }

  Draft priority(Priority priority) {
    return placed(new Placement(made.placement().queue(), priority));
  }

  private Draft placed(Placement other) {
    return with(made.key(), other, made.due(), made.standing(), made.payload(), made.headers());
  }

  Draft due(Instant instant) {
    return due(Due.at(instant));
  }

  Draft due(Due other) {
    Standing standing = made.standing();
    return with(
        made.key(),
        made.placement(),
        other,
        standing == null ? null : new Standing(standing.schedule(), other.resolve(Due.EARLIEST)),
        made.payload(),
        made.headers());
  }

  /** Fires then, whenever it is due. */
  Draft firing(String schedule, Instant fireTime) {
    return with(
        made.key(),
        made.placement(),
        made.due(),
        new Standing(schedule, fireTime),
        made.payload(),
        made.headers());
  }

  Draft payload(byte[] bytes) {
    return with(made.key(), made.placement(), made.due(), made.standing(), bytes, made.headers());
  }

  Draft headers(@Nullable String written) {
    return with(made.key(), made.placement(), made.due(), made.standing(), made.payload(), written);
  }

  Draft onConflict(OnConflict choice) {
    return new Draft(
        new NewTrigger(
            made.id(),
            made.kind(),
            made.job(),
            made.key(),
            made.placement(),
            made.due(),
            made.standing(),
            made.payload(),
            made.headers(),
            choice));
  }

  private Draft with(
      @Nullable String key,
      Placement placement,
      Due due,
      @Nullable Standing standing,
      byte[] payload,
      @Nullable String headers) {
    return new Draft(
        new NewTrigger(
            made.id(),
            made.kind(),
            made.job(),
            key,
            placement,
            due,
            standing,
            payload,
            headers,
            made.onConflict()));
  }

  /** Each time with an id of its own. */
  NewTrigger make() {
    return new NewTrigger(
        TriggerId.next(),
        made.kind(),
        made.job(),
        made.key(),
        made.placement(),
        made.due(),
        made.standing(),
        made.payload(),
        made.headers(),
        made.onConflict());
  }

  List<NewTrigger> make(int count) {
    return Stream.generate(this::make).limit(count).toList();
  }
}
