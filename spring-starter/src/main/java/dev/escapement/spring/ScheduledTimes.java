package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.util.StringUtils;

/** Reads what a {@code @Scheduled} says of the time, as Spring does. */
final class ScheduledTimes {

  /** Every node's fires go through one table; what is faster belongs to a process. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Scheduled said;
  private final UnaryOperator<String> texts;

  private ScheduledTimes(Scheduled said, UnaryOperator<String> texts) {
    this.said = said;
    this.texts = texts;
  }

  /**
   * @return empty if it doesn't recur, or is what Spring refuses
   * @throws InvalidDeclarationException if it can't be
   */
  static Optional<Schedule> read(Scheduled said, UnaryOperator<String> texts) {
    return new ScheduledTimes(said, texts).schedule();
  }

  private Optional<Schedule> schedule() {
    List<Schedule> times = new ArrayList<>();
    String cron = resolved(said.cron());
    if (!cron.isEmpty()) {
      times.add(cron(cron));
    }
    period("fixedDelay", said.fixedDelay(), said.fixedDelayString(), Schedules::fixedDelay)
        .ifPresent(times::add);
    period("fixedRate", said.fixedRate(), said.fixedRateString(), Schedules::every)
        .ifPresent(times::add);
    Optional<Duration> initial =
        duration("initialDelay", said.initialDelay(), said.initialDelayString());
    if (times.size() != 1 || (!cron.isEmpty() && initial.isPresent())) {
      return Optional.empty();
    }
    Schedule only = times.get(0);
    return Optional.of(initial.<Schedule>map(wait -> new DelayedStart(only, wait)).orElse(only));
  }

  private Schedule cron(String expression) {
    if (expression.equals(Scheduled.CRON_DISABLED)) {
      return Schedules.disabled();
    }
    String zone = resolved(said.zone());
    return Cron.spring(expression).zone(zone.isEmpty() ? ZoneId.systemDefault() : zone(zone));
  }

  private static ZoneId zone(String name) {
    try {
      return StringUtils.parseTimeZoneString(name).toZoneId();
    } catch (IllegalArgumentException e) {
      throw new InvalidDeclarationException(
          "@Scheduled(zone) can't be \"" + name + "\"; name a time zone like Europe/Zurich.", e);
    }
  }

  private Optional<Schedule> period(
      String attribute, long number, String text, Function<Duration, Schedule> kind) {
    return duration(attribute, number, text)
        .map(
            period -> {
              if (period.compareTo(SHORTEST) < 0) {
                throw new InvalidDeclarationException(
                    "@Scheduled("
                        + attribute
                        + ") of "
                        + period
                        + " is under one second, too fast for a job that all replicas share; make"
                        + " it longer, or leave it to each of them with @EveryNode.");
              }
              return kind.apply(period);
            });
  }

  private Optional<Duration> duration(String attribute, long number, String text) {
    TimeUnit unit = said.timeUnit();
    if (number >= 0) {
      return Optional.of(Duration.of(number, unit.toChronoUnit()));
    }
    String resolved = resolved(text);
    if (resolved.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          DurationFormatterUtils.detectAndParse(
              resolved, DurationFormat.Unit.fromChronoUnit(unit.toChronoUnit())));
    } catch (IllegalArgumentException e) {
      throw new InvalidDeclarationException(
          "@Scheduled("
              + attribute
              + "String) can't be \""
              + resolved
              + "\"; write a number, or a duration like 30s or PT30S.",
          e);
    }
  }

  private String resolved(String text) {
    return text.isEmpty() ? text : texts.apply(text).strip();
  }
}
