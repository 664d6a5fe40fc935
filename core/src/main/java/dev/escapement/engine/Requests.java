package dev.escapement.engine;

import dev.escapement.InvalidRequestException;
import dev.escapement.Job;
import dev.escapement.JobRequest;
import dev.escapement.PayloadCodec;
import dev.escapement.PayloadException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks requests, and writes their payloads. Thread-safe. */
final class Requests {

  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
  private static final byte[] NOTHING = {};

  private final PayloadCodec codec;
  private final int largestPayload;
  private final Optional<JobRegistry> known;
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  /**
   * @param known the jobs that this process has handlers for; empty for a client by itself, which
   *     can't know what the nodes know
   */
  Requests(PayloadCodec codec, int largestPayload, Optional<JobRegistry> known) {
    this.codec = codec;
    this.largestPayload = largestPayload;
    this.known = known;
  }

  /**
   * @return the written payload; empty for none
   * @throws InvalidRequestException if the job takes another payload here
   * @throws PayloadException if it can't be written, or is too large
   */
  <T> byte[] check(JobRequest<T> request) {
    known.ifPresent(registry -> checkAgainst(registry, request));
    return request.payload().map(payload -> write(request, payload)).orElse(NOTHING);
  }

  private void checkAgainst(JobRegistry registry, JobRequest<?> request) {
    String name = request.type().name();
    Optional<Job<?>> job = registry.find(name);
    if (job.isEmpty()) {
      if (warnedOf.add(name)) {
        LOG.warn(
            "Job \"{}\" was enqueued, and this process has no handler for it. That is fine if"
                + " another node has one; until then its triggers wait.",
            name);
      }
      return;
    }
    Class<?> taken = job.get().type().payload();
    if (!taken.equals(request.type().payload())) {
      throw new InvalidRequestException(
          "Job \""
              + name
              + "\" takes a "
              + taken.getName()
              + " here, and the request's JobType says "
              + request.type().payload().getName()
              + ". Use one JobType for both.");
    }
  }

  private <T> byte[] write(JobRequest<T> request, T payload) {
    Class<T> type = request.type().payload();
    byte[] bytes;
    try {
      bytes = codec.write(payload, type);
      if (bytes.length <= largestPayload) {
        codec.read(bytes, type);
      }
    } catch (PayloadException e) {
      throw new PayloadException(
          "A request for job \"" + request.type().name() + "\" was refused. " + e.getMessage(), e);
    }
    if (bytes.length > largestPayload) {
      throw new PayloadException(
          "A request for job \""
              + request.type().name()
              + "\" was refused: its payload has "
              + bytes.length
              + " bytes, and at most "
              + largestPayload
              + " are allowed. Store it elsewhere and enqueue a reference, or raise"
              + " maxPayloadBytes.",
          null);
    }
    return bytes;
  }
}
