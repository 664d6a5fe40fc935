/**
 * The store against real databases: the conformance suite for both, and what is particular to JDBC.
 * A PostgreSQL is started once for each JVM; {@code ESCAPEMENT_TEST_POSTGRES_URL} names one's own.
 */
@NullMarked
package dev.escapement.jdbc;

import org.jspecify.annotations.NullMarked;
