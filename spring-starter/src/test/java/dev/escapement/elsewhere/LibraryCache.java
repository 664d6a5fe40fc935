package dev.escapement.elsewhere;

import org.springframework.scheduling.annotation.Scheduled;

/** Of a library that an application uses. */
public class LibraryCache {

  /** Belongs to its process. */
  @Scheduled(fixedDelay = 3_600_000)
  public void clear() {}
}
