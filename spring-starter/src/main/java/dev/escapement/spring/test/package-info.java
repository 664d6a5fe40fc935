/** For the tests of Spring Boot applications: their scheduler with a clock that the test turns. */
@NullMarked
package dev.escapement.spring.test;

import org.jspecify.annotations.NullMarked;
