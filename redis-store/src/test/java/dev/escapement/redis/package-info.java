@NullMarked
package dev.escapement.redis;

import org.jspecify.annotations.NullMarked;
