package dev.escapement.store;

/**
 * What is unique among live triggers.
 *
 * @param job the job's name
 * @param key the key within the job
 */
public record TriggerName(String job, String key) {

  /** The standing trigger that a job's declaration makes. */
  public static TriggerName ofDeclared(String job) {
    return new TriggerName(job, TriggerKind.STANDING_KEY);
  }
}
