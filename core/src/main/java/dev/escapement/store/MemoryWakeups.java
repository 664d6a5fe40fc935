package dev.escapement.store;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hints within the process, called by whoever signals. */
final class MemoryWakeups implements Wakeups {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryWakeups.class);

  private final Set<Listener> listeners = new CopyOnWriteArraySet<>();

  @Override
  public void signal() {
    listeners.forEach(Listener::call);
  }

  @Override
  public Subscription listen(Runnable hint) {
    Listener listener = new Listener(hint);
    listeners.add(listener);
    return listener;
  }

  private final class Listener implements Subscription {

    private final Runnable hint;

    Listener(Runnable hint) {
      this.hint = hint;
    }

    void call() {
      try {
        hint.run();
      } catch (RuntimeException e) {
        LOG.warn("A listener for wake-ups threw; the others were told all the same.", e);
      }
    }

    @Override
    public void close() {
      listeners.remove(this);
    }
  }
}
