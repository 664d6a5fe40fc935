/** An application like the one that the guide to Spring Boot shows, piece by piece. */
@NullMarked
package dev.escapement.spring.guide;

import org.jspecify.annotations.NullMarked;
