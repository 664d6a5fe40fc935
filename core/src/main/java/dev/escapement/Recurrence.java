package dev.escapement;

import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.util.Objects;

/**
 * A recurring trigger to be: what runs, and when.
 *
 * @param request job, payload and key; the key is what names the trigger from then on
 * @param schedule when; one that has a {@linkplain Schedule#text() text form}, for it lives in the
 *     store
 */
public record Recurrence(JobRequest<?> request, Schedule schedule) {

  /**
   * @throws InvalidRequestException if the request has no key or says when to run, or the schedule
   *     has no text form
   */
  public Recurrence {
    Objects.requireNonNull(schedule, "schedule");
    String job = "The recurring request for job " + Names.quote(request.type().name());
    if (request.key().isEmpty()) {
      throw new InvalidRequestException(
          job + " has no key; give it one, like key(\"tenant-7\"), by which it can be changed.");
    }
    if (!request.due().equals(Due.now())) {
      throw new InvalidRequestException(
          job + " says when to run; the schedule does that. Leave at(…) and after(…) away.");
    }
    if (schedule.equals(Schedules.disabled())) {
      throw new InvalidRequestException(
          job + " has a schedule that never fires; delete the trigger with deleteRecurring(…).");
    }
    if (schedule.text().isEmpty()) {
      throw new InvalidRequestException(
          job
              + " has the schedule "
              + Names.quote(schedule.identity())
              + ", which has no text form that the store could keep; use one of Schedules with a"
              + " text of at most 4,000 characters, or declare a job with it.");
    }
  }
}
