/**
 * What every store must show before anybody may rely on it: {@link
 * dev.escapement.conformance.StoreConformanceTest}.
 *
 * <p>One contract class for each idea. Races are run by threads that each have a store instance of
 * their own, because two processes share nothing but what lies behind it.
 */
@NullMarked
package dev.escapement.conformance;

import org.jspecify.annotations.NullMarked;
