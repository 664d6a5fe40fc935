package dev.escapement.redis;

import dev.escapement.ExecutionId;
import dev.escapement.Failure;
import dev.escapement.Outcome;
import dev.escapement.Priority;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.Guard;
import dev.escapement.store.Hold;
import dev.escapement.store.RequestKind;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.util.Locale;
import java.util.UUID;

/** Rows as Redis keeps them. */
final class Rows {

  private static final int TIME = 18;
  private static final int UUID_END = TIME + 36;

  private Rows() {}

  static TriggerRecord trigger(Fields row) {
    return new TriggerRecord(
        row.trigger("id"),
        row.word(TriggerKind.class, "kind"),
        row.text("job"),
        row.textOrNull("key"),
        row.text("queue"),
        row.word(Priority.class, "priority"),
        row.word(TriggerState.class, "state"),
        Words.set(Hold.class, row.small("hold"), Hold::bit),
        row.instantOrNull("fire"),
        row.instantOrNull("due"),
        row.number("version"),
        row.small("attempt"),
        row.small("lost"),
        row.sessionOrNull("owner"),
        row.instantOrNull("claimed"),
        row.textOrNull("reason"),
        row.textOrNull("schedule"),
        row.instantOrNull("last"),
        row.number("missed"),
        row.text("stale").equals("1"),
        row.triggerOrNull("parent"),
        Words.set(RequestKind.class, row.small("asked"), RequestKind::bit),
        row.bytes("payload"),
        row.textOrNull("headers"));
  }

  static Claim claim(Fields row) {
    return new Claim(
        new Guard(row.trigger("id"), row.number("version"), row.session("owner")),
        row.word(TriggerKind.class, "kind"),
        row.text("job"),
        row.textOrNull("key"),
        row.text("queue"),
        row.word(Priority.class, "priority"),
        row.instant("fire"),
        row.instant("due"),
        row.instant("claimed"),
        row.small("attempt"),
        row.small("lost"),
        row.textOrNull("schedule"),
        row.number("missed"),
        row.text("stale").equals("1"),
        row.bytes("payload"),
        row.textOrNull("headers"));
  }

  static String key(ExecutionId id) {
    return String.format(
        Locale.ROOT, "%s%s%019d", Words.time(id.claimedAt()), id.trigger(), id.version());
  }

  private static ExecutionId executionId(String key) {
    return new ExecutionId(
        Words.instant(key.substring(0, TIME)),
        new TriggerId(UUID.fromString(key.substring(TIME, UUID_END))),
        Long.parseLong(key.substring(UUID_END)));
  }

  static ExecutionRecord execution(Fields row) {
    String failure = row.textOrNull("failure");
    return new ExecutionRecord(
        executionId(row.text("id")),
        row.session("session"),
        row.text("node"),
        row.word(TriggerKind.class, "kind"),
        row.text("job"),
        row.textOrNull("key"),
        row.small("attempt"),
        row.instant("fire"),
        row.number("missed"),
        row.instant("due"),
        row.instantOrNull("started"),
        row.instant("ended"),
        row.word(Outcome.class, "outcome"),
        failure == null ? null : new Failure(failure, row.text("message"), row.text("trace")),
        row.bytesOrNull("payload"),
        row.bytesOrNull("result"));
  }
}
