package dev.escapement.speed.peer;

/** What a scenario may ask for. */
public enum Feature {
  /** More than one replica over one database. */
  REPLICAS,
  /** Enqueuing one job, with a commit of its own. */
  SINGLE,
  /** Enqueuing in the caller's own transaction. */
  TRANSACTION,
  /** Jobs at an instant, run on time. */
  TIMED,
  /** Some jobs go before others. */
  PRIORITIES,
  /** Thousands of recurring jobs, each every second. */
  RECURRING,
  /** Rows that are already there, millions of them, made with SQL. */
  FILLED
}
