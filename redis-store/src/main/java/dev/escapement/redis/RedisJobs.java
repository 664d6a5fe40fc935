package dev.escapement.redis;

import dev.escapement.Priority;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Jobs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class RedisJobs implements Jobs {

  private static final Script ALL = Script.named("all_jobs");
  private static final Script SETTLE = Script.named("settle");
  private static final Script DECIDE = Script.named("decide");
  private static final Script DELETE = Script.named("delete_job");

  private static final int PAGE = 100;

  private final Link link;

  RedisJobs(Link link) {
    this.link = link;
  }

  @Override
  public List<JobRecord> all() {
    List<JobRecord> all = new ArrayList<>();
    List<JobRecord> page;
    do {
      String after = all.isEmpty() ? "-" : "(" + all.get(all.size() - 1).name();
      page =
          link.read("look at jobs", ALL, new Args().text(after).number(PAGE)).lists(RedisJobs::job);
      all.addAll(page);
    } while (page.size() == PAGE);
    return List.copyOf(all);
  }

  private record Declared(@Nullable JobDeclaration declaration, @Nullable Instant firstSeen) {}

  private static JobRecord job(Reply row) {
    String name = row.text();
    Declared inForce = declared(name, row);
    Declared current = declared(name, row);
    String override = row.textOrNull();
    String paused = row.textOrNull();
    return new JobRecord(
        name,
        inForce.declaration(),
        current.declaration(),
        override == null ? null : override.substring(1),
        paused != null,
        row.small(),
        inForce.firstSeen());
  }

  private static Declared declared(String job, Reply row) {
    Instant first = row.instantOrNull();
    String priority = row.textOrNull();
    String queue = row.textOrNull();
    String schedule = row.textOrNull();
    if (first == null) {
      return new Declared(null, null);
    }
    return new Declared(
        new JobDeclaration(
            job,
            Objects.requireNonNull(queue),
            Priority.valueOf(Objects.requireNonNull(priority)),
            schedule == null || schedule.isEmpty() ? null : schedule.substring(1)),
        first);
  }

  @Override
  public void settle(Set<String> jobs) {
    link.write("settle jobs", SETTLE, new Args().texts(jobs));
  }

  @Override
  public boolean override(String job, @Nullable String schedule) {
    Args args = new Args().text(job).text("override").text(Words.optional(schedule));
    return link.write("override a schedule", DECIDE, args).flag();
  }

  @Override
  public boolean pause(String job, boolean paused) {
    Args args = new Args().text(job).text("paused").text(paused ? "1" : "");
    return link.write(paused ? "pause a job" : "resume a job", DECIDE, args).flag();
  }

  @Override
  public Deletion delete(String job, int limit) {
    Args args = new Args().text(job).number(limit);
    return Deletion.valueOf(link.write("delete a job", DELETE, args).text());
  }
}
