package dev.escapement.store;

/** What a trigger's row is. */
public enum TriggerKind {
  /** Made by an enqueue; its end removes the row. */
  ONE_TIME,
  /** The one row of a recurring job; the end of a fire leads to the next. */
  STANDING;

  /** The key that the standing trigger of a declared job bears. No request may use it. */
  public static final String STANDING_KEY = "$standing";
}
