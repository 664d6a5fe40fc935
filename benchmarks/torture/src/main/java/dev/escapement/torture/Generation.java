package dev.escapement.torture;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two versions of the application that are deployed side by side: the second knows one job
 * more, fires another at another pace, and has a field more in a payload.
 */
final class Generation {

  /** Only the second knows it. */
  static final JobType<Task> NOVEL = JobType.of("novel", Task.class);

  /** Both know it, each with its own payload. */
  static final String SHAPED = "shaped";

  static final JobType<Old> OLD = JobType.of(SHAPED, Old.class);
  static final JobType<New> NEW = JobType.of(SHAPED, New.class);

  /** The payload of {@link #SHAPED} before. */
  record Old(long number) {}

  /** And after. */
  record New(long number, @Nullable String note) {}

  private Generation() {}

  static List<Job<?>> jobs(int generation) {
    List<Job<?>> jobs = new ArrayList<>();
    Duration pace = Duration.ofSeconds(generation);
    jobs.add(Job.recurring("shifting", Schedules.every(pace), context -> {}));
    if (generation == 1) {
      jobs.add(Job.of(OLD, (payload, context) -> {}));
    } else {
      jobs.add(Job.of(NEW, (payload, context) -> {}));
      jobs.add(Job.of(NOVEL, (payload, context) -> {}));
    }
    return jobs;
  }
}
