package dev.escapement.jdbc;

/** What {@link JdbcStore#open()} does about the tables. */
public enum SchemaPolicy {
  /** Creates and migrates them. Safe when many nodes start at once. */
  APPLY,
  /** Only checks that they are there, in a version that this code works with. */
  VALIDATE
}
