package dev.escapement.jdbc;

import dev.escapement.store.StoreException;

/**
 * The tables aren't there, or not as this code needs them, and the store is not to make them so:
 * its {@link SchemaPolicy} is {@code VALIDATE}.
 */
public final class SchemaException extends StoreException {

  private static final long serialVersionUID = 1L;

  private final String state;
  private final String remedy;

  /**
   * @param state what the tables are, and where
   * @param remedy what a person runs
   */
  SchemaException(String state, String remedy) {
    super(
        "%s. %s; or let the store do it: %s."
            .formatted(state, remedy, "JdbcStore.builder(...).migrate(SchemaPolicy.APPLY)"),
        null);
    this.state = state;
    this.remedy = remedy;
  }

  /** What the tables are, and where: a sentence without its full stop. */
  public String state() {
    return state;
  }

  /** Which files to run: a sentence without its full stop. */
  public String remedy() {
    return remedy;
  }
}
