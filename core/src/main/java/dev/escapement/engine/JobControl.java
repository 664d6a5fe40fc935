package dev.escapement.engine;

import dev.escapement.InvalidRequestException;
import dev.escapement.JobInUseException;
import dev.escapement.JobOperations;
import dev.escapement.JobStatus;
import dev.escapement.UnknownJobException;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.JobDeclaration;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Jobs;
import dev.escapement.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people decide about jobs. Thread-safe. */
final class JobControl implements JobOperations {

  private static final Logger LOG = LoggerFactory.getLogger(JobControl.class);
  private static final int UNPARK_BATCH = 1_000;
  private static final int DELETE_BATCH = 10_000;

  private final Store store;
  private final ScheduleReader schedules;
  private final Runnable tellNodes;

  JobControl(Store store, ScheduleReader schedules, Runnable tellNodes) {
    this.store = store;
    this.schedules = schedules;
    this.tellNodes = tellNodes;
  }

  @Override
  public List<JobStatus> all() {
    return store.jobs().all().stream().map(JobControl::status).toList();
  }

  @Override
  public Optional<JobStatus> find(String job) {
    return record(job).map(JobControl::status);
  }

  private Optional<JobRecord> record(String job) {
    return store.jobs().all().stream().filter(each -> each.name().equals(job)).findFirst();
  }

  private static JobStatus status(JobRecord job) {
    return new JobStatus(
        job.name(),
        job.queue(),
        job.priority(),
        Optional.ofNullable(job.inForce()).map(JobDeclaration::schedule),
        Optional.ofNullable(job.override()),
        job.paused(),
        job.sessions(),
        Optional.ofNullable(job.firstSeen()));
  }

  @Override
  public void pause(String job) {
    decided(job, store.jobs().pause(job, true), "is paused");
  }

  @Override
  public void resume(String job) {
    decided(job, store.jobs().pause(job, false), "is back in service");
    while (store.holds().unpark(Set.of(job), UNPARK_BATCH) == UNPARK_BATCH) {
      LOG.debug("More of job \"{}\" is held", job);
    }
    tellNodes.run();
  }

  @Override
  public void overrideSchedule(String job, Schedule schedule) {
    JobRecord known = record(job).orElseThrow(() -> new UnknownJobException(job));
    JobDeclaration declared = known.inForce();
    if (declared == null || declared.schedule() == null) {
      throw new InvalidRequestException(
          "Job \"" + job + "\" doesn't recur; there is no schedule to override.");
    }
    String text =
        schedule
            .text()
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "The schedule "
                            + schedule.identity()
                            + " has no text form that the store could keep; use one of Schedules"
                            + " with a text of at most 4,000 characters."));
    boolean off = schedules.readRequested(text).equals(Schedules.disabled());
    if (!off && schedule.first(store.now()).isEmpty()) {
      throw new InvalidRequestException(
          "The schedule \""
              + text
              + "\" never fires; to stop job \""
              + job
              + "\", use Schedules.disabled().");
    }
    decided(job, store.jobs().override(job, text), "follows \"" + text + "\"");
  }

  @Override
  public void dropOverride(String job) {
    decided(job, store.jobs().override(job, null), "follows its declared schedule");
  }

  private void decided(String job, boolean known, String what) {
    if (!known) {
      throw new UnknownJobException(job);
    }
    LOG.info("Job \"{}\" {} from now on, by a person's decision", job, what);
    tellNodes.run();
  }

  @Override
  public void delete(String job) {
    Jobs.Deletion result = store.jobs().delete(job, DELETE_BATCH);
    boolean begun = result == Jobs.Deletion.MORE;
    while (result == Jobs.Deletion.MORE) {
      LOG.debug("More of job \"{}\" is to be deleted", job);
      result = store.jobs().delete(job, DELETE_BATCH);
    }
    if (begun && result == Jobs.Deletion.UNKNOWN) {
      result = Jobs.Deletion.DELETED; // by somebody else, who has finished it
    }
    switch (result) {
      case DELETED -> LOG.info("Job \"{}\" is deleted with all its triggers", job);
      case MORE -> throw new IllegalStateException("The loop has ended too soon");
      case UNKNOWN -> throw new UnknownJobException(job);
      case LIVE ->
          throw new JobInUseException(
              "Job \""
                  + job
                  + "\" can't be deleted: a live node has a handler for it. Remove it from the code"
                  + " first, or pause it.");
      case RUNNING ->
          throw new JobInUseException(
              "Job \"" + job + "\" can't be deleted while one of its triggers runs; wait for it.");
    }
  }
}
