/** Starts two instances of the shop, buys there, and judges what they did. */
@NullMarked
package dev.escapement.examples.spring.story;

import org.jspecify.annotations.NullMarked;
