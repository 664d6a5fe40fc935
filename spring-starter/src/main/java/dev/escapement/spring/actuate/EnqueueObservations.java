package dev.escapement.spring.actuate;

import dev.escapement.EnqueueInterceptor;
import dev.escapement.InvalidRequestException;
import dev.escapement.JobRequest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each request as an observation {@code escapement.enqueue}, whose trace travels with the trigger
 * in its headers, as the application's propagation has it ({@code traceparent}).
 */
final class EnqueueObservations implements EnqueueInterceptor {

  private static final Logger LOG = LoggerFactory.getLogger(EnqueueObservations.class);

  private final ObservationRegistry registry;

  EnqueueObservations(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Override
  public JobRequest<?> before(JobRequest<?> request) {
    Map<String, String> trace = new LinkedHashMap<>();
    String job = request.type().name();
    Observation observation =
        Observation.createNotStarted("escapement.enqueue", () -> sent(trace), registry)
            .contextualName(job + " enqueue")
            .lowCardinalityKeyValue("job", job)
            .start();
    observation.stop();
    JobRequest<?> carrying = request;
    for (Map.Entry<String, String> each : trace.entrySet()) {
      carrying = with(carrying, each.getKey(), each.getValue());
    }
    return carrying;
  }

  private static SenderContext<Map<String, String>> sent(Map<String, String> trace) {
    SenderContext<Map<String, String>> sent =
        new SenderContext<>(
            (carrier, name, value) -> {
              if (carrier != null) {
                carrier.put(name, value);
              }
            },
            Kind.PRODUCER);
    sent.setCarrier(trace);
    return sent;
  }

  /** What the caller says outranks the trace, and no work is refused for want of room for one. */
  private static JobRequest<?> with(JobRequest<?> request, String name, String value) {
    if (request.headers().containsKey(name)) {
      return request;
    }
    try {
      return request.header(name, value);
    } catch (InvalidRequestException e) {
      LOG.debug("{} goes without \"{}\"", request, name, e);
      return request;
    }
  }
}
