package dev.escapement;

/** The cluster doesn't know a job of that name. */
public final class UnknownJobException extends EscapementException {

  private static final long serialVersionUID = 1L;

  /** Names the job. */
  public UnknownJobException(String job) {
    super(
        "No node ever declared a job "
            + Names.quote(job)
            + "; see jobs().all() for those that are known.",
        null);
  }
}
