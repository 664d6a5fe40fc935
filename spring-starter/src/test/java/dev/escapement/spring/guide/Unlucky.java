package dev.escapement.spring.guide;

import dev.escapement.JobHandler;
import org.springframework.stereotype.Component;

/** Fails for good. */
@Component
class Unlucky {

  @JobHandler(value = "unlucky", maxAttempts = 1)
  void fail() {
    throw new IllegalStateException("as always");
  }
}
