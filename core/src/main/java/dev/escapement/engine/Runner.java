package dev.escapement.engine;

import dev.escapement.Job;
import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Next;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.TriggerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs one claim to its end and hands its outcome over. Thread-safe; never throws. */
final class Runner {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final JobRegistry registry;
  private final PayloadCodec codec;
  private final Store store;
  private final Alarm alarm;
  private final Completer completer;
  private final Counters counters;
  private final ScheduleReader schedules;

  /**
   * What the runner goes by.
   *
   * @param registry the code
   * @param codec reads payloads
   * @param schedules reads schedules
   */
  record Score(JobRegistry registry, PayloadCodec codec, ScheduleReader schedules) {}

  Runner(Score score, Store store, Alarm alarm, Completer completer, Counters counters) {
    this.registry = score.registry();
    this.codec = score.codec();
    this.schedules = score.schedules();
    this.store = store;
    this.alarm = alarm;
    this.completer = completer;
    this.counters = counters;
  }

  void run(Run run) {
    End end = end(run);
    completer.add(run, end.completion(), end.thrown());
  }

  private record End(Completion completion, @Nullable Throwable thrown) {}

  private End end(Run run) {
    Map<String, String> words = words(run);
    try {
      words.forEach(MDC::put);
      Optional<Job<?>> known = registry.find(run.job());
      return known.isPresent() ? end(run, known.get()) : new End(Verdict.unstarted(run), null);
    } catch (Throwable t) {
      // A fault of ours. The claim must end all the same: what nobody ends is held for ever.
      LOG.error("{} failed in the engine and is put aside", run, Printable.of(t));
      return new End(Verdict.broken(run, t), t);
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

  private <T> End end(Run run, Job<T> job) {
    End before = run.claim().kind() == TriggerKind.STANDING ? aim(run, job) : null;
    if (before != null) {
      return before;
    }
    T payload;
    try {
      payload = payload(run.claim(), job);
    } catch (PayloadException e) {
      LOG.warn("The payload of {} can't be read here", run, Printable.of(e));
      return new End(Verdict.unreadable(run, job, e, random()), e);
    }
    if (!run.begin()) {
      return new End(Verdict.unstarted(run), null);
    }
    Throwable thrown = call(run, job, payload);
    Completion completion = Verdict.of(run, job, thrown, random());
    if (completion.next() instanceof Next.Fire fire) {
      counters.overlapped.add(fire.missed());
    }
    if (thrown != null) {
      LOG.warn("{} ended {}", run, completion.ending().outcome(), Printable.of(thrown));
    }
    return new End(completion, thrown);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** Finds out which fire of a standing trigger to run; the end of its run if there is none. */
  private @Nullable End aim(Run run, Job<?> job) {
    Fires fires;
    try {
      fires = schedules.fires(job, run.claim().key(), run.claim().schedule(), run.claim().stale());
    } catch (UnreadableScheduleException e) {
      LOG.warn("{} is given back", run, Printable.of(e));
      return new End(Verdict.unreadableSchedule(run, e), e);
    }
    run.follow(fires);
    if (fires.isDisabled()) {
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

  private void tellOfMissed(Run run, long count, String what) {
    counters.missed.add(count);
    LOG.warn("{} missed {} fires from {} on; {}", run, count, run.fireTime(), what);
  }

  private <T> T payload(Claim claim, Job<T> job) {
    if (!job.type().takesPayload()) {
      return nothing();
    }
    try {
      return codec.read(claim.payload(), job.type().payload());
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

  private <T> @Nullable Throwable call(Run run, Job<T> job, T payload) {
    Optional<Duration> timeout = job.policy().timeout();
    Future<?> bell = null;
    try {
      if (timeout.isPresent()) {
        bell = alarm.in(timeout.get(), () -> ring(run, timeout.get()));
      }
      job.handler().run(payload, run);
      return null;
    } catch (Throwable t) {
      // Whatever a handler throws ends this attempt and nothing else: the worker goes on.
      return t;
    } finally {
      run.end();
      if (bell != null) {
        bell.cancel(false);
      }
    }
  }

  /** Interrupts, and tells of a handler that is still there as long again after its interrupt. */
  private void ring(Run run, Duration timeout) {
    run.stop(Run.Stop.TIMEOUT);
    Future<?> untold = alarm.in(timeout, () -> tellOfHanging(run, timeout));
    LOG.debug("{} is interrupted at its timeout of {}; {}", run, timeout, untold);
  }

  private static void tellOfHanging(Run run, Duration timeout) {
    run.whereabouts()
        .ifPresent(
            stack -> {
              Throwable where = new IllegalStateException("The handler hangs here.");
              where.setStackTrace(stack);
              LOG.warn(
                  "{} ignores the interrupt at its timeout of {} and keeps its worker",
                  run,
                  timeout,
                  where);
            });
  }
}
