package dev.escapement.engine;

import dev.escapement.store.NewSession;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's session: opens it, beats, notices that it was declared dead and opens another.
 * Nothing else happens on its thread, so that nothing else can make a beat late.
 */
final class Heart extends Loop {

  private static final Logger LOG = LoggerFactory.getLogger(Heart.class);

  private final Store store;
  private final Settings settings;
  private final JobRegistry registry;
  private final Declarations declarations;
  private final WorkerPools pools;
  private final Bookkeeping books;
  private final LongSupplier nanoClock;
  private final Runnable sessionChanged;
  private volatile @Nullable Session session;

  /** What the heart needs to know of its node. */
  record Body(
      JobRegistry registry,
      Declarations declarations,
      WorkerPools pools,
      Bookkeeping books,
      LongSupplier nanoClock) {}

  /**
   * @param sessionChanged told when there is a new session, or when one was found dead
   */
  Heart(String name, Store store, Settings settings, Body body, Runnable sessionChanged) {
    super(name, settings.timing().heartbeat());
    this.store = store;
    this.settings = settings;
    this.registry = body.registry();
    this.declarations = body.declarations();
    this.pools = body.pools();
    this.books = body.books();
    this.nanoClock = body.nanoClock();
    this.sessionChanged = sessionChanged;
  }

  /** The session, if there is one that the node trusts. */
  @Nullable Session trusted() {
    Session current = session;
    return current != null && current.trusted() ? current : null;
  }

  /** The session, trusted or not. */
  @Nullable Session current() {
    return session;
  }

  /** Opens a session, and makes the standing triggers follow what its jobs declare. */
  void open() {
    store.open();
    registry.checkTransactions(store);
    long openedAt = nanoClock.getAsLong();
    SessionId id = SessionId.next();
    store
        .sessions()
        .open(
            new NewSession(
                id,
                settings.identity().node(),
                settings.identity().applicationVersion(),
                pools.queues(),
                registry.declarations()));
    try {
      declarations.refresh();
    } catch (RuntimeException e) {
      closeAgain(id, e);
      throw e;
    }
    session = new Session(id, settings.timing(), nanoClock, openedAt);
    books.counters().sessions.increment();
    LOG.info(
        "Node {} opened session {} on {} with {} jobs",
        settings.identity().node(),
        id,
        store.describe(),
        registry.names().size());
    sessionChanged.run();
  }

  /** A session that nobody keeps would look alive for a whole lease. */
  private void closeAgain(SessionId id, RuntimeException why) {
    try {
      store.sessions().close(id);
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  @Override
  long turn() {
    Session current = session;
    if (current == null || current.isDead()) {
      open();
    } else {
      beat(current);
    }
    return settings.timing().heartbeat().toNanos();
  }

  private void beat(Session current) {
    long sentAt = nanoClock.getAsLong();
    boolean alive;
    try {
      alive = store.sessions().beat(current.id(), pools.load());
    } catch (RuntimeException e) {
      current.disrupted();
      throw e;
    }
    if (alive) {
      current.beaten(sentAt);
      return;
    }
    LOG.warn(
        "Session {} of node {} was declared dead by another node; its runs are interrupted and a"
            + " new session begins",
        current.id(),
        settings.identity().node());
    current.die();
    sessionChanged.run();
    open();
  }
}
