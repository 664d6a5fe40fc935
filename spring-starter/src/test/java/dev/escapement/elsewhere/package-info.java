/** Not in the packages of the applications that tests start. */
@NullMarked
package dev.escapement.elsewhere;

import org.jspecify.annotations.NullMarked;
