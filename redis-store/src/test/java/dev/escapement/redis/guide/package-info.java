/** The snippets of the guide, run. */
@NullMarked
package dev.escapement.redis.guide;

import org.jspecify.annotations.NullMarked;
