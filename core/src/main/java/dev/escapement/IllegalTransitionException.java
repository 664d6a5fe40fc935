package dev.escapement;

/** A change of state that the state machine doesn't know. Names both states. */
public final class IllegalTransitionException extends EscapementException {

  private static final long serialVersionUID = 1L;

  private final TriggerState from;
  private final TriggerState to;

  /**
   * @param from the state that the trigger is in
   * @param to the state that it was asked to take
   */
  public IllegalTransitionException(TriggerState from, TriggerState to) {
    super(
        "A trigger that is "
            + from
            + " can't become "
            + to
            + "; from "
            + from
            + " it may become "
            + from.successors()
            + ".",
        null);
    this.from = from;
    this.to = to;
  }

  /** The state that the trigger is in. */
  public TriggerState from() {
    return from;
  }

  /** The state that it was asked to take. */
  public TriggerState to() {
    return to;
  }
}
