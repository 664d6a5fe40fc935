package dev.escapement.spring.actuate;

import dev.escapement.Scheduler;
import dev.escapement.SchedulerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** What this node has done, and does now. Costs the store nothing. */
final class SchedulerMeters implements MeterBinder {

  private final Scheduler node;

  SchedulerMeters(Scheduler node) {
    this.node = node;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, "claimed", "Triggers that this node has claimed", SchedulerStats::claimed);
    counter(
        registry,
        "claims.lost",
        "Ends that this node couldn't write, because another had taken the trigger over",
        SchedulerStats::fenced);
    counter(
        registry,
        "claims.unconfirmed",
        "Ends of which nobody knows whether they were written",
        SchedulerStats::unconfirmed);
    counter(
        registry,
        "missed",
        "Fires that weren't run because nobody had fired them in time",
        SchedulerStats::missed);
    counter(
        registry,
        "overlapped",
        "Fires that weren't run because they came during the run before",
        SchedulerStats::overlapped);
    counter(
        registry,
        "abandoned",
        "Runs that ignored their interrupt and were given up",
        SchedulerStats::abandoned);
    counter(
        registry,
        "sessions",
        "Sessions that this node has opened; each after the first says that it was declared dead",
        SchedulerStats::sessions);
    gauge(
        registry,
        "trusted",
        "1 while this node has a session that it trusts, and so may start runs; else 0",
        stats -> stats.trusted() ? 1 : 0);
    gauge(registry, "running", "Handlers that run on this node", SchedulerStats::running);
    gauge(
        registry, "workers", "Handlers that may run on this node at once", SchedulerStats::workers);
    gauge(
        registry,
        "buffered",
        "Claims of this node that wait for a worker",
        SchedulerStats::buffered);
    gauge(
        registry,
        "wedged",
        "Runs on this node that were given up and still haven't returned",
        SchedulerStats::wedged);
  }

  private void counter(
      MeterRegistry registry, String name, String what, ToDoubleFunction<SchedulerStats> figure) {
    FunctionCounter.builder("escapement." + name, node, any -> figure.applyAsDouble(any.stats()))
        .description(what)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String what, ToDoubleFunction<SchedulerStats> figure) {
    Gauge.builder("escapement." + name, node, any -> figure.applyAsDouble(any.stats()))
        .description(what)
        .register(registry);
  }
}
