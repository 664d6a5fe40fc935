/**
 * What happens around a run: {@link dev.escapement.policy.Retry} after a failure, a timeout, a
 * payload that can't be read. {@link dev.escapement.policy.JobPolicy} holds them together; both the
 * builder and the annotations end in one of it.
 */
@NullMarked
package dev.escapement.policy;

import org.jspecify.annotations.NullMarked;
