package dev.escapement.engine;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.store.JobDeclaration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The jobs that this process has handlers for. Immutable. */
final class JobRegistry {

  private final Map<String, Job<?>> jobs;
  private final Set<String> names;

  private JobRegistry(Map<String, Job<?>> jobs) {
    this.jobs = jobs;
    this.names = Set.copyOf(jobs.keySet());
  }

  /**
   * @throws InvalidDeclarationException if two bear one name
   */
  static JobRegistry of(Collection<? extends Job<?>> declared) {
    Map<String, Job<?>> byName = new LinkedHashMap<>();
    for (Job<?> job : declared) {
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

  Optional<Job<?>> find(String name) {
    return Optional.ofNullable(jobs.get(name));
  }

  Set<String> names() {
    return names;
  }

  Collection<Job<?>> all() {
    return jobs.values();
  }

  List<JobDeclaration> declarations() {
    return jobs.values().stream()
        .map(
            job ->
                new JobDeclaration(
                    job.name(),
                    job.policy().placement().queue(),
                    job.policy().placement().priority()))
        .toList();
  }
}
