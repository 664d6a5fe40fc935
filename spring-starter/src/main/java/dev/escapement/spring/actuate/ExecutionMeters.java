package dev.escapement.spring.actuate;

import dev.escapement.Outcome;
import dev.escapement.Transition;
import dev.escapement.TransitionListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How attempts end, by job and outcome, as they are written; those whose handler was never called
 * count with no time. What this node takes over from a dead one counts as LOST here.
 */
final class ExecutionMeters implements TransitionListener {

  private final MeterRegistry registry;
  private final ConcurrentMap<Kind, Timer> executions = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Timer> lateness = new ConcurrentHashMap<>();

  private record Kind(String job, Outcome outcome) {}

  ExecutionMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void on(Transition transition) {
    transition.outcome().ifPresent(outcome -> ended(transition, outcome));
  }

  private void ended(Transition transition, Outcome outcome) {
    String job = transition.trigger().job();
    Duration ran =
        transition
            .times()
            .map(times -> Duration.between(times.startedAt(), times.endedAt()))
            .orElse(Duration.ZERO);
    executions.computeIfAbsent(new Kind(job, outcome), this::executions).record(ran);
    transition
        .times()
        .map(times -> Duration.between(times.due(), times.startedAt()))
        .ifPresent(late -> lateness.computeIfAbsent(job, this::lateness).record(late));
  }

  private Timer executions(Kind kind) {
    return Timer.builder("escapement.executions")
        .description("Attempts that have ended, and how long their handlers took")
        .tag("job", kind.job())
        .tag("outcome", kind.outcome().name())
        .register(registry);
  }

  private Timer lateness(String job) {
    return Timer.builder("escapement.lateness")
        .description("How long after they were due handlers were called")
        .tag("job", job)
        .register(registry);
  }
}
