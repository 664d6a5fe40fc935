package dev.escapement.jdbc;

/** What {@link JdbcStore#open()} does about the tables. */
public enum SchemaPolicy {
  /**
   * Creates and migrates them. Safe when many nodes start at once. On PostgreSQL it gives way to a
   * transaction that holds a lock for longer than 5 s, and gives up after ten times.
   */
  APPLY,
  /** Only checks that they are there, in a version that this code works with. */
  VALIDATE
}
