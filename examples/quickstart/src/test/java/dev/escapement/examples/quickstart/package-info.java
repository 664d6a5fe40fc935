@NullMarked
package dev.escapement.examples.quickstart;

import org.jspecify.annotations.NullMarked;
