/** A real server, a real JVM that dies. */
@NullMarked
package dev.escapement.testpostgres;

import org.jspecify.annotations.NullMarked;
