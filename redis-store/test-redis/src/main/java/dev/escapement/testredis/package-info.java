/**
 * A Redis server that tests and benchmarks own: they start it, hurt it and throw it away. The
 * program comes from Maven Central. Needs Linux or macOS.
 */
@NullMarked
package dev.escapement.testredis;

import org.jspecify.annotations.NullMarked;
