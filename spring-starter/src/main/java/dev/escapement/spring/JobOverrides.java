package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/** Makes jobs follow what {@code escapement.jobs.*} says of them. */
final class JobOverrides {

  private static final Set<String> TIMES =
      Set.of("schedule", "cron", "zone", "every", "fixed-delay", "jitter");
  private static final Set<String> LIMITS = Set.of("timeout", "abandon-after", "max-lateness");
  private static final Set<String> RETRY =
      Set.of(
          "retry.max-attempts",
          "retry.initial",
          "retry.growth",
          "retry.factor",
          "retry.max",
          "retry.jitter",
          "retry.max-age");
  private static final Set<String> MISFIRE =
      Set.of("misfire.action", "misfire.cap", "misfire.threshold");
  private static final Set<String> OVERLAP = Set.of("overlap", "max-overlap");

  private final PropertyOrigins origins;
  private final Map<String, Said> saidOf = new HashMap<>();

  /** What is said of a job, and under which name. */
  private record Said(String key, JobProperties properties) {}

  /**
   * @param properties what is said, by the job's name
   * @param known the names of all jobs
   * @throws InvalidDeclarationException if something is said of a job that isn't there
   */
  JobOverrides(
      Map<String, JobProperties> properties, PropertyOrigins origins, SortedSet<String> known) {
    this.origins = origins;
    properties.forEach(
        (key, said) -> {
          String name = name(key, known);
          if (key.equals(name)) {
            saidOf.put(name, new Said(key, said));
          } else {
            saidOf.putIfAbsent(name, new Said(key, said));
          }
        });
  }

  /** An environment variable can't spell a name as it is. */
  private String name(String key, SortedSet<String> known) {
    if (known.contains(key)) {
      return key;
    }
    String uniform = PropertyOrigins.uniform(key);
    List<String> alike =
        known.stream().filter(name -> PropertyOrigins.uniform(name).equals(uniform)).toList();
    if (alike.size() == 1) {
      return alike.get(0);
    }
    throw refused(
        key,
        Set.of(),
        alike.isEmpty()
            ? "No bean of this application declares a job \""
                + key
                + "\"; there are "
                + known
                + ". Correct the name, in brackets if it isn't in lower case with dashes"
                + " (escapement.jobs[sendInvoice]), or remove the property."
            : "\"" + key + "\" may be any of " + alike + "; write the name in brackets as it is.");
  }

  /**
   * The job as the properties have it.
   *
   * @throws InvalidDeclarationException if it can't be so
   */
  Job<?> on(Job<?> job) {
    Said said = saidOf.get(job.name());
    return said == null ? job : on(job, said);
  }

  private <T> Job<T> on(Job<T> job, Said said) {
    JobProperties given = said.properties();
    Job<T> changed = step(job, said, TIMES, each -> OverriddenTimes.on(each, given));
    changed = step(changed, said, Set.of("queue"), each -> queued(each, given));
    changed = step(changed, said, LIMITS, each -> OverriddenPolicy.limited(each, given));
    changed = step(changed, said, RETRY, each -> OverriddenPolicy.retried(each, given.retry()));
    changed = step(changed, said, MISFIRE, each -> OverriddenPolicy.missed(each, given.misfire()));
    changed = step(changed, said, OVERLAP, each -> OverriddenPolicy.overlapping(each, given));
    return OverriddenPolicy.handled(changed, given);
  }

  private static <T> Job<T> queued(Job<T> job, JobProperties given) {
    Job<T> placed = given.queue() == null ? job : job.queue(given.queue());
    return given.priority() == null ? placed : placed.priority(given.priority());
  }

  private <T> Job<T> step(
      Job<T> job, Said said, Set<String> properties, UnaryOperator<Job<T>> change) {
    try {
      return change.apply(job);
    } catch (InvalidDeclarationException e) {
      throw refused(said.key(), properties, String.valueOf(e.getMessage()));
    }
  }

  private InvalidDeclarationException refused(String key, Set<String> properties, String why) {
    String lines = origins.of(key, properties);
    return new InvalidDeclarationException(
        "Properties of a job can't be followed:"
            + System.lineSeparator()
            + System.lineSeparator()
            + lines.indent(4).stripTrailing()
            + System.lineSeparator()
            + System.lineSeparator()
            + why);
  }
}
