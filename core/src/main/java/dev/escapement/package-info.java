/**
 * What applications touch: {@link dev.escapement.Scheduler}, {@link dev.escapement.Job}, {@link
 * dev.escapement.JobContext} and the annotations.
 *
 * <p>A <b>job</b> is code with a name. A <b>trigger</b> is a row of the shared table: "this job,
 * with this payload, is due then". Every replica of an application embeds the same stateless
 * scheduler; a due trigger becomes RUNNING through one conditional update, so exactly one replica
 * fires it. An <b>execution</b> is one attempt to run it.
 *
 * <p>The promise: each fire time is claimed exactly once; a job whose node dies in the middle is
 * run again (at least once). {@link dev.escapement.TriggerState} holds the state machine, the
 * package {@code dev.escapement.engine} the protocol.
 *
 * <p>Null never crosses a public method of this package unless it is marked {@code @Nullable}.
 */
@NullMarked
package dev.escapement;

import org.jspecify.annotations.NullMarked;
