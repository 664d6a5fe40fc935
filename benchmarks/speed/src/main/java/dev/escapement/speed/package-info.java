/**
 * Measures: each scenario with each peer, side by side in one run, and reports ratios.
 *
 * <p>{@code scenario} says what is measured, {@code peer} who, {@code measure} what it costs, and
 * {@code report} shows it. Each measurement is a JVM of its own over a database of its own.
 */
@NullMarked
package dev.escapement.speed;

import org.jspecify.annotations.NullMarked;
