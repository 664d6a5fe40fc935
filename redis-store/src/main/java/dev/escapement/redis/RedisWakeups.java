package dev.escapement.redis;

import dev.escapement.store.Wakeups;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints over PUBLISH and SUBSCRIBE. Lettuce subscribes again by itself when the connection was
 * broken; what is published meanwhile is lost, and found at the next poll.
 */
final class RedisWakeups implements Wakeups, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisWakeups.class);

  private static final byte[] NOTHING = {};
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MOST_PAUSES = 60;

  /** A hundred a second, whatever the load: each wakes all nodes. */
  private static final Duration GAP = Duration.ofMillis(10);

  private final Link link;
  private final byte[] channel;
  private final List<Runnable> hints = new CopyOnWriteArrayList<>();
  private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> subscriber;
  private boolean connecting;
  private int failures;
  private final AtomicBoolean pending = new AtomicBoolean();
  private final AtomicLong sentAt = new AtomicLong(System.nanoTime() - GAP.toNanos());

  /**
   * @param root what all keys begin with
   */
  RedisWakeups(Link link, String root) {
    this.link = link;
    this.channel = (root + "due").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void signal() {
    if (pending.compareAndSet(false, true)) {
      long rest = sentAt.get() + GAP.toNanos() - System.nanoTime();
      if (rest <= 0) {
        send();
      } else {
        link.later(this::send, Duration.ofNanos(rest));
      }
    }
  }

  private void send() {
    pending.set(false);
    sentAt.set(System.nanoTime());
    link.publish(channel, NOTHING);
  }

  @Override
  public synchronized Subscription listen(Runnable hint) {
    Runnable own = () -> hint.run();
    hints.add(own);
    subscribe();
    return () -> remove(own);
  }

  /** Nobody waits for it: without it, hints are lost. */
  private synchronized void subscribe() {
    if (hints.isEmpty() || connecting || subscriber != null) {
      return;
    }
    connecting = true;
    link.subscribe(channel, this::tell).whenComplete(this::subscribed);
  }

  private synchronized void subscribed(
      @Nullable StatefulRedisPubSubConnection<byte[], byte[]> fresh, @Nullable Throwable failure) {
    connecting = false;
    if (fresh == null) {
      if (failures++ == 0) {
        log.warn(
            "No wake-ups are heard from {}: nodes look by themselves once per poll interval. If it"
                + " is an ACL, allow SUBSCRIBE and PUBLISH on our channel.",
            link.describe(),
            failure);
      }
      link.later(this::subscribe, PAUSE.multipliedBy(Math.min(failures, MOST_PAUSES)));
    } else if (hints.isEmpty()) {
      Link.letGo(fresh);
    } else {
      subscriber = fresh;
      failures = 0;
    }
  }

  private void tell() {
    for (Runnable hint : hints) {
      try {
        hint.run();
      } catch (RuntimeException e) {
        log.warn("A listener for wake-ups threw; the others were told all the same.", e);
      }
    }
  }

  private synchronized void remove(Runnable hint) {
    hints.remove(hint);
    if (hints.isEmpty()) {
      stop();
    }
  }

  private void stop() {
    if (subscriber != null) {
      Link.letGo(subscriber);
      subscriber = null;
    }
  }

  @Override
  public synchronized void close() {
    hints.clear();
    stop();
  }
}
