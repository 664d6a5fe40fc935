package dev.escapement.engine;

import dev.escapement.Count;
import dev.escapement.Due;
import dev.escapement.Enqueued;
import dev.escapement.Execution;
import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.ExecutionOperations;
import dev.escapement.InvalidRequestException;
import dev.escapement.JobType;
import dev.escapement.OnConflict;
import dev.escapement.Page;
import dev.escapement.PayloadCodec;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import java.util.List;
import java.util.Optional;

/** The history, as callers see it. Thread-safe. */
final class Executions implements ExecutionOperations {

  private final Store store;
  private final PayloadCodec codec;
  private final Requests requests;
  private final Client.Inserting inserting;

  Executions(Store store, PayloadCodec codec, Requests requests, Client.Inserting inserting) {
    this.store = store;
    this.codec = codec;
    this.requests = requests;
    this.inserting = inserting;
  }

  @Override
  public Optional<Execution> find(ExecutionId id) {
    return store.history().find(id).map(row -> Shown.of(row, codec));
  }

  @Override
  public List<Execution> of(TriggerId trigger) {
    return store.history().of(trigger).stream().map(row -> Shown.of(row, codec)).toList();
  }

  @Override
  public Page<Execution> list(ExecutionFilter filter, int limit, String from) {
    Pages.checkLimit(limit);
    ExecutionId before = from.isEmpty() ? null : ExecutionId.parse(from);
    return Pages.page(
        store.history().list(filter, before, limit + 1),
        limit,
        row -> Shown.of(row, codec),
        row -> row.key().toString());
  }

  @Override
  public Count count(ExecutionFilter filter) {
    return Count.of(store.history().count(filter, Count.CAP + 1));
  }

  @Override
  public Enqueued rerun(ExecutionId id) {
    ExecutionRecord row = present(id);
    byte[] payload = row.payload();
    if (payload == null) {
      throw new InvalidRequestException(
          "Execution "
              + id
              + " of job \""
              + row.job()
              + "\" ended "
              + row.outcome()
              + " and keeps no payload; only the last attempt of what has failed does. Give"
              + " rerun(…) a payload.");
    }
    return rerun(row, payload);
  }

  @Override
  public <T> Enqueued rerun(ExecutionId id, JobType<T> type, T payload) {
    ExecutionRecord row = present(id);
    if (!row.job().equals(type.name())) {
      throw new InvalidRequestException(
          "Execution " + id + " is of job \"" + row.job() + "\", not \"" + type.name() + "\".");
    }
    return rerun(row, requests.check(type.with(payload)));
  }

  private ExecutionRecord present(ExecutionId id) {
    return store
        .history()
        .find(id)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "There is no execution " + id + "; it may be older than what is kept."));
  }

  private Enqueued rerun(ExecutionRecord row, byte[] payload) {
    NewTrigger again =
        new NewTrigger(
            TriggerId.next(),
            TriggerKind.ONE_TIME,
            row.job(),
            // A fire's standing trigger is alive and bears its key.
            row.kind() == TriggerKind.ONE_TIME ? row.jobKey() : null,
            NewTrigger.Placement.OF_JOB,
            Due.now(),
            null,
            payload,
            OnConflict.KEEP);
    return inserting.insert(List.of(again)).get(0);
  }
}
