/** Spring Boot: the scheduler as a bean that starts and stops with its application. */
@NullMarked
package dev.escapement.spring;

import org.jspecify.annotations.NullMarked;
