package dev.escapement.engine;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Schedule;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The jobs that this process has handlers for. Immutable. */
final class JobRegistry {

  private static final int LONGEST_IDENTITY = 10_000;

  private final Map<String, Job<?>> jobs;
  private final Set<String> names;
  private final List<JobDeclaration> declarations;

  private JobRegistry(Map<String, Job<?>> jobs) {
    this.jobs = jobs;
    this.names = Set.copyOf(jobs.keySet());
    this.declarations = declarations(jobs.values());
  }

  /**
   * @throws InvalidDeclarationException if two bear one name
   */
  static JobRegistry of(Collection<? extends Job<?>> declared) {
    Map<String, Job<?>> byName = new LinkedHashMap<>();
    for (Job<?> job : declared) {
      checkOverlap(job);
      job.schedule().ifPresent(schedule -> checkIdentity(job, schedule.identity()));
      Job<?> other = byName.putIfAbsent(job.name(), job);
      if (other != null) {
        throw new InvalidDeclarationException(
            "Two jobs bear the name \""
                + job.name()
                + "\": "
                + other
                + " and "
                + job
                + ". Rename one of them.");
      }
    }
    return new JobRegistry(byName);
  }

  private static void checkOverlap(Job<?> job) {
    if (job.policy().recurrence().overlap() == Overlap.ALLOW
        && job.schedule().flatMap(Schedule::delayAfterCompletion).isPresent()) {
      throw new InvalidDeclarationException(
          job
              + " allows overlapping runs, and its fixed delay counts from the end of each run. Use"
              + " every(…), or leave the overlap away.");
    }
  }

  /** It is kept in the store, and one that is refused there would keep the node from starting. */
  private static void checkIdentity(Job<?> job, String identity) {
    if (identity.isBlank()
        || identity.length() > LONGEST_IDENTITY
        || identity.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(identity)) {
      throw new InvalidDeclarationException(
          "The schedule of job \""
              + job.name()
              + "\", "
              + job.schedule().map(Object::getClass).map(Class::getName).orElse("")
              + ", has an identity of "
              + identity.length()
              + " characters that can't be kept; make it 1 to "
              + LONGEST_IDENTITY
              + " characters of plain text.");
    }
  }

  /**
   * @throws InvalidDeclarationException if a job needs transactions, and the store has none
   */
  void checkTransactions(Store store) {
    for (Job<?> job : jobs.values()) {
      if (job.policy().transactional() && store.transactions().isEmpty()) {
        throw new InvalidDeclarationException(
            job
                + " is transactional, and the store, "
                + store.describe()
                + ", has no transactions; use a JdbcStore, or declare the job otherwise.");
      }
    }
  }

  Optional<Job<?>> find(String name) {
    return Optional.ofNullable(jobs.get(name));
  }

  /** A job that is known to be here. */
  Job<?> get(String name) {
    return Objects.requireNonNull(jobs.get(name), name);
  }

  Set<String> names() {
    return names;
  }

  Collection<Job<?>> all() {
    return jobs.values();
  }

  List<JobDeclaration> declarations() {
    return declarations;
  }

  private static List<JobDeclaration> declarations(Collection<Job<?>> jobs) {
    return jobs.stream()
        .map(
            job ->
                new JobDeclaration(
                    job.name(),
                    job.policy().placement().queue(),
                    job.policy().placement().priority(),
                    job.schedule().map(Schedule::identity).orElse(null)))
        .toList();
  }
}
