/** Tests of the test kit that need a database. */
@NullMarked
package dev.escapement.testing;

import org.jspecify.annotations.NullMarked;
