package dev.escapement.engine;

import dev.escapement.Control;
import dev.escapement.Count;
import dev.escapement.Due;
import dev.escapement.EscapementException;
import dev.escapement.IllegalTransitionException;
import dev.escapement.InvalidRequestException;
import dev.escapement.Page;
import dev.escapement.PayloadCodec;
import dev.escapement.Progress;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerOperations;
import dev.escapement.TriggerSelection;
import dev.escapement.TriggerState;
import dev.escapement.TriggerStatus;
import dev.escapement.store.Request;
import dev.escapement.store.Requests.Answer;
import dev.escapement.store.Store;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people decide about triggers. Thread-safe. */
final class TriggerControl implements TriggerOperations {

  private static final Logger LOG = LoggerFactory.getLogger(TriggerControl.class);
  private static final int BATCH = 500;

  private final Store store;
  private final PayloadCodec codec;
  private final Listeners listeners;
  private final Runnable tellNodes;

  TriggerControl(Store store, PayloadCodec codec, Listeners listeners, Runnable tellNodes) {
    this.store = store;
    this.codec = codec;
    this.listeners = listeners;
    this.tellNodes = tellNodes;
  }

  @Override
  public Optional<TriggerStatus> find(TriggerId id) {
    return store.triggers().find(id).map(row -> Shown.of(row, codec));
  }

  @Override
  public Optional<TriggerStatus> find(String job, String key) {
    return store.triggers().find(job, key).map(row -> Shown.of(row, codec));
  }

  @Override
  public Optional<TriggerStatus> findStanding(String job) {
    return find(job, TriggerKind.STANDING_KEY);
  }

  @Override
  public Optional<Progress> progress(TriggerId id) {
    return store.checkpoints().progress(id);
  }

  @Override
  public Control cancel(TriggerId id) {
    return ask(id, new Request.Cancel());
  }

  @Override
  public Control pause(TriggerId id) {
    return ask(id, new Request.Pause());
  }

  @Override
  public Control resume(TriggerId id) {
    return ask(id, new Request.Resume());
  }

  @Override
  public Control runNow(TriggerId id) {
    return ask(id, new Request.RunNow());
  }

  @Override
  public Control reschedule(TriggerId id, Due due) {
    return ask(id, new Request.Reschedule(due));
  }

  private Control ask(TriggerId id, Request request) {
    Answer answer = put(List.of(id), request).get(id);
    if (answer == null) {
      return Control.GONE;
    }
    return switch (answer.result()) {
      case DONE -> Control.DONE;
      case REQUESTED -> Control.REQUESTED;
      case REFUSED -> throw refusal(id, request, answer);
    };
  }

  private static EscapementException refusal(TriggerId id, Request request, Answer answer) {
    if (request instanceof Request.RunNow) {
      return new IllegalTransitionException(answer.before(), TriggerState.RUNNING);
    } else if (request instanceof Request.Resume) {
      return new IllegalTransitionException(answer.before(), TriggerState.SCHEDULED);
    }
    return new InvalidRequestException(
        "Trigger "
            + id
            + " of job \""
            + answer.job()
            + "\" recurs and waits for no fire, so there is none to cancel or to reschedule.");
  }

  private Map<TriggerId, Answer> put(List<TriggerId> ids, Request request) {
    Map<TriggerId, Answer> answers = store.requests().put(ids, request);
    boolean changed = false;
    for (Map.Entry<TriggerId, Answer> each : answers.entrySet()) {
      Answer answer = each.getValue();
      changed |= answer.result() != Answer.Result.REFUSED;
      boolean moves = !(request instanceof Request.Reschedule || request instanceof Request.RunNow);
      boolean waited = answer.before() != TriggerState.RUNNING;
      if (moves && waited && answer.result() == Answer.Result.DONE) {
        listeners.decided(each.getKey(), answer, target(request));
      }
      LOG.debug("{} of trigger {}: {}", request, each.getKey(), answer);
    }
    if (changed) {
      tellNodes.run();
    }
    return answers;
  }

  private static TriggerState target(Request request) {
    if (request instanceof Request.Cancel) {
      return TriggerState.CANCELLED;
    }
    return request instanceof Request.Pause ? TriggerState.PAUSED : TriggerState.SCHEDULED;
  }

  @Override
  public Page<TriggerStatus> list(TriggerFilter filter, int limit, String from) {
    Pages.checkLimit(limit);
    TriggerPlace after = from.isEmpty() ? null : Pages.readPlace(from);
    return Pages.page(
        store.triggers().list(filter, after, limit + 1),
        limit,
        row -> Shown.of(row, codec),
        row -> Pages.write(new TriggerPlace(row.due(), row.id())));
  }

  @Override
  public TriggerSelection where(TriggerFilter filter) {
    return new Selection(filter);
  }

  private final class Selection implements TriggerSelection {

    private final TriggerFilter filter;

    Selection(TriggerFilter filter) {
      this.filter = filter;
    }

    @Override
    public Count count() {
      return Count.of(store.triggers().count(filter, Count.CAP + 1));
    }

    @Override
    public Tally cancel() {
      return all(new Request.Cancel());
    }

    @Override
    public Tally pause() {
      return all(new Request.Pause());
    }

    @Override
    public Tally resume() {
      return all(new Request.Resume());
    }

    @Override
    public Tally runNow() {
      return all(new Request.RunNow());
    }

    @Override
    public Tally reschedule(Due due) {
      return all(new Request.Reschedule(due));
    }

    /** In the order of the list, in which a trigger may come again when its due has changed. */
    private Tally all(Request request) {
      Set<TriggerId> seen = new HashSet<>();
      Map<Answer.Result, Long> tally = new EnumMap<>(Answer.Result.class);
      TriggerPlace place = null;
      List<TriggerRecord> batch;
      do {
        batch = store.triggers().list(filter, place, BATCH);
        List<TriggerId> fresh = batch.stream().map(TriggerRecord::id).filter(seen::add).toList();
        if (!fresh.isEmpty()) {
          put(fresh, request)
              .values()
              .forEach(answer -> tally.merge(answer.result(), 1L, Long::sum));
        }
        place = batch.isEmpty() ? place : last(batch);
      } while (batch.size() == BATCH);
      Tally result =
          new Tally(
              tally.getOrDefault(Answer.Result.DONE, 0L),
              tally.getOrDefault(Answer.Result.REQUESTED, 0L),
              tally.getOrDefault(Answer.Result.REFUSED, 0L));
      LOG.info("{} of all of {}: {}", request, filter, result);
      return result;
    }

    private static TriggerPlace last(List<TriggerRecord> batch) {
      TriggerRecord row = batch.get(batch.size() - 1);
      return new TriggerPlace(row.due(), row.id());
    }
  }
}
