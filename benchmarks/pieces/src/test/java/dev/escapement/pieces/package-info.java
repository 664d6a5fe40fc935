/** Whether what measures runs. */
@NullMarked
package dev.escapement.pieces;

import org.jspecify.annotations.NullMarked;
