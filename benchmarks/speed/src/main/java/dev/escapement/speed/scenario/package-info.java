/**
 * What is measured. A {@link dev.escapement.speed.scenario.Scenario} has variants, and measures one
 * of them with one peer in an empty database; it knows peers only by their interface.
 */
@NullMarked
package dev.escapement.speed.scenario;

import org.jspecify.annotations.NullMarked;
