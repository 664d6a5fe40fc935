@NullMarked
package dev.escapement.examples.spring.story;

import org.jspecify.annotations.NullMarked;
