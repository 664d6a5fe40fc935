package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.CronDialect;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What properties say of the time, in place of what the code says. */
final class OverriddenTimes {

  private static final String NEVER = "-";

  private OverriddenTimes() {}

  /**
   * @throws InvalidDeclarationException if it can't be
   */
  static <T> Job<T> on(Job<T> job, JobProperties given) {
    Map<String, Supplier<Schedule>> times = new TreeMap<>();
    put(times, "schedule", given.schedule(), Schedules::parse);
    put(times, "cron", given.cron(), cron -> cron(cron, given.zone(), job));
    put(times, "every", given.every(), Schedules::every);
    put(times, "fixed-delay", given.fixedDelay(), Schedules::fixedDelay);
    Duration jitter = given.jitter();
    if (times.isEmpty() && jitter == null && given.zone() == null) {
      return job;
    }
    if (job.schedule().isEmpty()) {
      throw new InvalidDeclarationException(
          "Job \""
              + job.name()
              + "\" runs when somebody enqueues it, and has no schedule; remove the property.");
    }
    if (times.size() > 1) {
      throw new InvalidDeclarationException(
          "These say several times, " + times.keySet() + "; say one of them.");
    }
    if (given.zone() != null && given.cron() == null) {
      throw new InvalidDeclarationException(
          "The zone is that of cron, and there is none; say both. In a schedule text write \"; zone"
              + " Europe/Zurich\".");
    }
    Schedule schedule =
        times.isEmpty() ? job.schedule().get() : times.values().iterator().next().get();
    return job.schedule(jitter == null ? schedule : schedule.jitter(jitter));
  }

  private static <V> void put(
      Map<String, Supplier<Schedule>> times,
      String name,
      @Nullable V value,
      Function<V, Schedule> reader) {
    if (value != null) {
      times.put(name, () -> reader.apply(value));
    }
  }

  private static Schedule cron(String expression, @Nullable String zone, Job<?> job) {
    if (expression.strip().equals(NEVER)) {
      return Schedules.disabled();
    }
    Cron cron = Cron.of(expression, CronDialect.SPRING);
    return zone == null
        ? job.schedule().map(declared -> cron.zone(declared.zone())).orElse(cron)
        : cron.zone(zone(zone));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidDeclarationException(
          "The zone can't be \"" + name + "\"; name a time zone like Europe/Zurich, or UTC.", e);
    }
  }
}
