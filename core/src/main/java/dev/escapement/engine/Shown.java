package dev.escapement.engine;

import dev.escapement.Execution;
import dev.escapement.Headers;
import dev.escapement.PayloadCodec;
import dev.escapement.TriggerStatus;
import dev.escapement.WrittenValue;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerRecord;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What callers see of a store's records. */
final class Shown {

  private Shown() {}

  static TriggerStatus of(TriggerRecord row, PayloadCodec codec) {
    return new TriggerStatus(
        row.id(),
        row.job(),
        Run.ownKey(row.key()),
        row.kind() == TriggerKind.STANDING,
        Optional.ofNullable(row.schedule()),
        row.queue(),
        row.priority(),
        row.state(),
        !row.holds().isEmpty(),
        Optional.ofNullable(row.reason()),
        Optional.ofNullable(row.fireTime()),
        Optional.ofNullable(row.due()),
        row.attempt(),
        Optional.ofNullable(row.claimedAt()),
        row.requests().stream().sorted().map(Enum::name).collect(Collectors.joining(", ")),
        new WrittenValue(row.payload(), codec),
        Headers.read(row.headers()).orElse(Map.of()));
  }

  static Execution of(ExecutionRecord row, PayloadCodec codec) {
    return new Execution(
        row.key(),
        row.job(),
        Run.ownKey(row.jobKey()),
        row.kind() == TriggerKind.STANDING,
        row.attempt(),
        row.fireTime(),
        row.missed(),
        row.due(),
        Optional.ofNullable(row.startedAt()),
        row.endedAt(),
        row.outcome(),
        row.node(),
        Optional.ofNullable(row.failure()),
        value(row.payload(), codec),
        value(row.result(), codec));
  }

  private static Optional<WrittenValue> value(byte @Nullable [] written, PayloadCodec codec) {
    return Optional.ofNullable(written).map(bytes -> new WrittenValue(bytes, codec));
  }
}
