/** What was measured, as a file for programs, tables and pictures for people. */
@NullMarked
package dev.escapement.speed.report;

import org.jspecify.annotations.NullMarked;
