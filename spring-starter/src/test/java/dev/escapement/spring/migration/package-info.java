/** What becomes of code that was written for another library, as the migration pages show it. */
@NullMarked
package dev.escapement.spring.migration;

import org.jspecify.annotations.NullMarked;
