/** What hurts is held against real processes and a real database: does it hurt as it says? */
@NullMarked
package dev.escapement.torture;

import org.jspecify.annotations.NullMarked;
