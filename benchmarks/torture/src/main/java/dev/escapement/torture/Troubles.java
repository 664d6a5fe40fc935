package dev.escapement.torture;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was done to whom, as it is done. Thread-safe. */
final class Troubles {

  private final List<Trouble> troubles = new ArrayList<>();

  /** Something that begins now and doesn't end. */
  void add(String replica, Trouble.Kind kind) {
    add(replica, kind, Instant.now(), null);
  }

  /** Something that lasted. */
  synchronized void add(String replica, Trouble.Kind kind, Instant from, @Nullable Instant until) {
    troubles.add(new Trouble(replica, kind, from, until));
  }

  synchronized List<Trouble> all() {
    return List.copyOf(troubles);
  }
}
