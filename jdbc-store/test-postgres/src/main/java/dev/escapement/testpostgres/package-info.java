/**
 * A PostgreSQL server that tests and benchmarks own: they start it, hurt it and throw it away. The
 * programs come from Maven Central. Needs Linux or macOS.
 */
@NullMarked
package dev.escapement.testpostgres;

import org.jspecify.annotations.NullMarked;
