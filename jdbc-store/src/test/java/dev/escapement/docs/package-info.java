/** Every snippet of the documents is code of this package, compiled and run. */
@NullMarked
package dev.escapement.docs;

import org.jspecify.annotations.NullMarked;
