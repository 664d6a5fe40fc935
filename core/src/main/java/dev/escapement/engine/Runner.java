package dev.escapement.engine;

import dev.escapement.ExecutionInterceptor;
import dev.escapement.Headers;
import dev.escapement.Job;
import dev.escapement.Outcome;
import dev.escapement.PayloadException;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TriggerKind;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs one claim to its end and hands its outcome over. Thread-safe; never throws. */
final class Runner {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final Score score;
  private final Store store;
  private final Alarm alarm;
  private final Completer completer;
  private final Counters counters;
  private final Consumer<Run> abandoned;

  /**
   * What the runner goes by.
   *
   * @param registry the code
   * @param schedules reads schedules
   * @param interceptors go around handlers, the first one outermost
   * @param desk what handlers write with
   */
  record Score(
      JobRegistry registry,
      ScheduleReader schedules,
      List<ExecutionInterceptor> interceptors,
      Attempt.Desk desk) {}

  /**
   * @param abandoned told of a run whose thread is given up
   */
  Runner(
      Score score,
      Store store,
      Alarm alarm,
      Completer completer,
      Counters counters,
      Consumer<Run> abandoned) {
    this.score = score;
    this.store = store;
    this.alarm = alarm;
    this.completer = completer;
    this.counters = counters;
    this.abandoned = abandoned;
  }

  void run(Run run) {
    Map<String, String> words = words(run);
    try {
      words.forEach(MDC::put);
      Optional<Job<?>> known = score.registry().find(run.job());
      if (known.isPresent()) {
        run(run, known.get());
      } else {
        completer.add(run, Verdict.unstarted(run), null);
      }
    } catch (Throwable t) {
      // A fault of ours. The claim must end all the same: what nobody ends is held for ever.
      LOG.error("{} failed in the engine and is put aside", run, Printable.of(t));
      completer.add(run, Verdict.broken(run, t), t);
    } finally {
      words.keySet().forEach(MDC::remove);
    }
  }

  /** What every log line of a handler carries. */
  private static Map<String, String> words(Run run) {
    Map<String, String> words = new HashMap<>();
    words.put("job", run.job());
    run.key().ifPresent(key -> words.put("jobKey", key));
    words.put("triggerId", run.triggerId().toString());
    words.put("attempt", Integer.toString(run.attempt()));
    return words;
  }

  private <T> void run(Run run, Job<T> job) {
    End before = run.claim().kind() == TriggerKind.STANDING ? aim(run, job) : null;
    if (before != null) {
      completer.add(run, before.completion(), before.thrown());
      return;
    }
    T payload;
    try {
      payload = payload(run.claim(), job);
    } catch (PayloadException e) {
      LOG.warn("The payload of {} can't be read here", run, Printable.of(e));
      completer.add(run, Verdict.unreadable(run, job, e, random()), e);
      return;
    }
    Duration lateness = Duration.between(run.due(), run.nowNotBefore());
    boolean tooLate;
    try {
      tooLate = isMore(lateness, job.policy().maxLateness()) && !hasBegun(run);
    } catch (StoreException e) {
      LOG.warn("{} is given back: whether it has begun before couldn't be found out", run, e);
      completer.add(run, Verdict.unaimed(run), e);
      return;
    }
    if (tooLate) {
      LOG.warn("{} would start {} after it was due and is skipped", run, lateness);
      completer.add(run, Verdict.tooLate(run, job, lateness), null);
    } else if (!run.begin()) {
      completer.add(run, Verdict.unstarted(run), null);
    } else if (job.policy().transactional()) {
      new TransactedCall<>(this, run, job, payload).run(store, completer);
    } else {
      Called called = call(run, job, payload, null);
      end(run, called.completion(), called.thrown());
    }
  }

  private static boolean isMore(Duration lateness, Optional<Duration> most) {
    return most.isPresent() && lateness.compareTo(most.get()) > 0;
  }

  /** What a run leaves when it ends before its handler is called. */
  private record End(Completion completion, @Nullable Throwable thrown) {}

  /** Hands over what came of a handler. */
  void end(Run run, Completion completion, @Nullable Throwable thrown) {
    if (thrown != null && !(thrown instanceof Yield)) {
      tellOfFailure(run, completion, thrown);
    }
    completer.add(run, completion, thrown);
  }

  /** Its effects were rolled back after its handler had returned. */
  void failed(Run run, Job<?> job, Throwable reason) {
    end(run, Verdict.of(run, job, reason, random()), reason);
  }

  /** Each attempt with a line, the last one with the stack too: the history has them all. */
  private static void tellOfFailure(Run run, Completion completion, Throwable thrown) {
    Outcome outcome = completion.ending().outcome();
    Throwable printable = Printable.of(thrown);
    if (completion.next() instanceof Next.Retry retry) {
      LOG.warn(
          "{} ended {} and is tried again {}: {}", run, outcome, retry.due(), printable.toString());
      LOG.debug("{} threw", run, printable);
    } else {
      LOG.warn("{} ended {}", run, outcome, printable);
    }
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** Finds out which fire of a standing trigger to run; the end of its run if there is none. */
  private @Nullable End aim(Run run, Job<?> job) {
    Fires fires;
    try {
      fires =
          score
              .schedules()
              .fires(job, run.claim().key(), run.claim().schedule(), run.claim().stale());
    } catch (UnreadableScheduleException e) {
      LOG.warn("{} is given back", run, Printable.of(e));
      return new End(Verdict.unreadableSchedule(run, e), e);
    }
    run.follow(fires);
    // One that isn't stale was asked to run now, apart from its schedule.
    if (fires.isDisabled() && run.claim().stale()) {
      return new End(Verdict.disabled(run), null);
    }
    if (run.attempt() > 1) {
      return null;
    }
    try {
      return start(run, fires);
    } catch (StoreException e) {
      LOG.warn("{} is given back: its fire time couldn't be set", run, e);
      return new End(Verdict.unaimed(run), e);
    } catch (RuntimeException | Error e) {
      // Given back, it would come back at once and for ever.
      LOG.error("The schedule of {} threw; its trigger is paused", run, Printable.of(e));
      return new End(Verdict.brokenSchedule(run, fires.schedule(), e), e);
    }
  }

  private @Nullable End start(Run run, Fires fires) {
    Fires.Start start = fires.start(run.fireTime(), run.due(), run.claim().claimedAt());
    if (!start.equals(new Fires.RunFire(run.fireTime(), 0)) && hasBegun(run)) {
      return null;
    }
    if (start instanceof Fires.DropAll missed) {
      Completion dropped =
          Verdict.dropped(run, missed, fires.afterDropped(missed, run.claim().claimedAt()));
      tellOfMissed(run, missed.notRun(), "none is run");
      return new End(dropped, null);
    }
    Fires.RunFire fire = (Fires.RunFire) start;
    if (fire.notRun() > 0) {
      Instant due = fires.dueBy(fire.fireTime(), run.claim().claimedAt());
      if (!store.claims().advance(run.guard(), fire.fireTime(), due, fire.notRun())) {
        return new End(Verdict.unstarted(run), null);
      }
      tellOfMissed(run, fire.notRun(), "the fire of " + fire.fireTime() + " is run");
      run.firesAt(fire.fireTime(), due, fire.notRun());
    }
    return null;
  }

  /**
   * Whether an earlier attempt was lost with its node, or has left a checkpoint: what has begun is
   * neither missed nor late.
   */
  private boolean hasBegun(Run run) {
    return run.claim().lost() > 0
        || store.checkpoints().find(run.triggerId(), run.fireTime()).isPresent();
  }

  private void tellOfMissed(Run run, long count, String what) {
    counters.missed.add(count);
    LOG.warn("{} missed {} fires from {} on; {}", run, count, run.fireTime(), what);
  }

  private <T> T payload(Claim claim, Job<T> job) {
    if (!job.type().takesPayload()) {
      return nothing();
    }
    try {
      return score.desk().codec().read(claim.payload(), job.type().payload());
    } catch (PayloadException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new PayloadException(
          "Reading a payload of " + job.type().payload().getName() + " threw.", e);
    }
  }

  /** The payload of a job that takes none: its type is Void, whose only value is null. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  /**
   * What came of a call.
   *
   * @param completion how the claim ends
   * @param thrown what the handler threw
   * @param succeeded whether the handler returned, and nobody asked it to end
   */
  record Called(Completion completion, @Nullable Throwable thrown, boolean succeeded) {}

  /**
   * Calls the handler.
   *
   * @param connection of its transaction; null if it has none
   */
  <T> Called call(Run run, Job<T> job, T payload, @Nullable Connection connection) {
    Future<?> bell = null;
    Object result = null;
    Throwable thrown = null;
    try {
      Optional<Duration> timeout = job.policy().timeout();
      if (timeout.isPresent()) {
        bell = alarm.in(timeout.get(), () -> ring(run, job, timeout.get()));
      }
      Attempt attempt = new Attempt(run, score.desk(), headers(run), connection);
      result = intercepted(job, payload, attempt, 0);
    } catch (Throwable t) {
      // Whatever a handler throws ends this attempt and nothing else: the worker goes on.
      thrown = t;
    } finally {
      run.end();
      score.desk().reporter().ended(run);
      if (bell != null) {
        bell.cancel(false);
      }
    }
    boolean succeeded = thrown == null && Verdict.hasSucceeded(run);
    Completion completion =
        succeeded
            ? Verdict.succeeded(run, job, written(run, result))
            : Verdict.of(run, job, thrown, random());
    return new Called(completion, thrown, succeeded);
  }

  /** A run does without headers that can't be read: its work doesn't hang on a trace. */
  private static Map<String, String> headers(Run run) {
    Optional<Map<String, String>> headers = Headers.read(run.claim().headers());
    if (headers.isEmpty()) {
      LOG.warn("The headers of {} can't be read; it runs without any", run);
    }
    return headers.orElse(Map.of());
  }

  private <T> @Nullable Object intercepted(Job<T> job, T payload, Attempt attempt, int from)
      throws Exception {
    if (from == score.interceptors().size()) {
      return job.code().run(payload, attempt);
    }
    AtomicBoolean called = new AtomicBoolean();
    return score
        .interceptors()
        .get(from)
        .around(
            attempt,
            () -> {
              if (!called.compareAndSet(false, true)) {
                throw new IllegalStateException("A handler is called once; proceed() was twice.");
              }
              return intercepted(job, payload, attempt, from + 1);
            });
  }

  /** A result that can't be kept takes no success back. */
  private byte @Nullable [] written(Run run, @Nullable Object result) {
    if (result == null) {
      return null;
    }
    try {
      return score.desk().codec().write("result", run, result);
    } catch (RuntimeException | Error e) {
      LOG.warn("{} has succeeded, and its result isn't kept", run, Printable.of(e));
      return null;
    }
  }

  /** Interrupts; later gives the thread up, if the job says so, or tells where it hangs. */
  private void ring(Run run, Job<?> job, Duration timeout) {
    run.stop(Run.Stop.TIMEOUT);
    Optional<Duration> patience = job.policy().abandonAfter();
    Future<?> later =
        patience.isPresent()
            ? alarm.in(patience.get(), () -> abandon(run, job, patience.get()))
            : alarm.in(timeout, () -> tellOfHanging(run, timeout));
    LOG.debug("{} is interrupted at its timeout of {}; {}", run, timeout, later);
  }

  private void abandon(Run run, Job<?> job, Duration patience) {
    run.whereabouts()
        .ifPresent(
            stack -> {
              LOG.error(
                  "{} ignores the interrupt at its timeout and is abandoned after {}: it may go on"
                      + " beside its retry, and its worker is replaced",
                  run,
                  patience,
                  hangingAt(stack));
              counters.abandoned.increment();
              completer.add(run, Verdict.overrun(run, job, patience, random()), null);
              abandoned.accept(run);
            });
  }

  private static void tellOfHanging(Run run, Duration timeout) {
    run.whereabouts()
        .ifPresent(
            stack ->
                LOG.warn(
                    "{} ignores the interrupt at its timeout of {} and keeps its worker",
                    run,
                    timeout,
                    hangingAt(stack)));
  }

  private static Throwable hangingAt(StackTraceElement[] stack) {
    Throwable where = new IllegalStateException("The handler hangs here.");
    where.setStackTrace(stack);
    return where;
  }
}
