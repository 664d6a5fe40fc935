package dev.escapement.spring.actuate;

import dev.escapement.ExecutionInterceptor;
import dev.escapement.JobContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each attempt as an observation {@code escapement.run}, which goes on with the trace that its
 * trigger was enqueued in. What the handler logs carries that trace.
 */
final class RunObservations implements ExecutionInterceptor {

  private static final String ENGINE = "dev.escapement.engine";

  private final ObservationRegistry registry;

  RunObservations(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public @Nullable Object around(JobContext context, Invocation invocation) throws Exception {
    Observation observation = observation(context).start();
    Observation.Scope scope = observation.openScope();
    try {
      return invocation.proceed();
    } catch (Throwable t) {
      if (!isGivenBack(t)) {
        observation.error(t);
      }
      throw t;
    } finally {
      scope.close();
      observation.stop();
    }
  }

  private Observation observation(JobContext context) {
    Observation observation =
        Observation.createNotStarted("escapement.run", () -> received(context), registry)
            .contextualName(context.job() + " run")
            .lowCardinalityKeyValue("job", context.job())
            .highCardinalityKeyValue("escapement.trigger", context.triggerId().toString())
            .highCardinalityKeyValue("escapement.attempt", Integer.toString(context.attempt()));
    context.key().ifPresent(key -> observation.highCardinalityKeyValue("escapement.key", key));
    return observation;
  }

  private static ReceiverContext<Map<String, String>> received(JobContext context) {
    ReceiverContext<Map<String, String>> received = new ReceiverContext<>(Map::get, Kind.CONSUMER);
    received.setCarrier(context.headers());
    return received;
  }

  /** What ends a run at its checkpoint is thrown, and no fault. */
  private static boolean isGivenBack(Throwable thrown) {
    return thrown.getClass().getPackageName().equals(ENGINE);
  }
}
