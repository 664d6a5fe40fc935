/**
 * What the pieces cost that stand between a due trigger and its written end. Each benchmark says
 * what one operation of it is; its class is a {@link dev.escapement.pieces.Piece}. Some must stand
 * in the packages of what they measure.
 *
 * <p>JMH runs them. {@code benchmarks/pieces/run} is the command.
 */
@NullMarked
package dev.escapement.pieces;

import org.jspecify.annotations.NullMarked;
