package dev.escapement.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves a {@code @Scheduled} method, or all those of a class, to Spring, which fires it on every
 * replica: for what belongs to a process, like a cache that is cleared. Means something only where
 * {@code escapement.adopt-scheduled} is true.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface EveryNode {}
