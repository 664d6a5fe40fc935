/** What a scenario costs: time, statements, commits, log, processor time. */
@NullMarked
package dev.escapement.speed.measure;

import org.jspecify.annotations.NullMarked;
