package dev.escapement.torture;

import dev.escapement.testpostgres.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The network between one replica and the database, on this machine. It does nothing but pass on,
 * until it is told otherwise; what it is told counts for all connections, those that are open and
 * those to come. Thread-safe.
 */
final class Proxy implements AutoCloseable {

  private final int target;
  private final int port = FreePort.next();
  private final Weather weather;
  private final Losses requests = new Losses();
  private final Losses answers = new Losses();
  private final Supplier<Tap> taps;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Map<Mishap, LongAdder> counts = new ConcurrentHashMap<>();
  private @Nullable ServerSocket door;
  private boolean closed;
  private @Nullable Thread porter;

  private Proxy(int target, RandomGenerator random, boolean postgres) {
    this.target = target;
    this.weather = new Weather(random);
    this.taps = postgres ? () -> new Conversation(requests, answers) : () -> Tap.PLAIN;
    refuse(false);
  }

  /** To a server of whatever kind, on this machine. */
  static Proxy to(int port, RandomGenerator random) {
    return new Proxy(port, random, false);
  }

  /** To PostgreSQL on this machine: statements can be lost too. Clients must not encrypt. */
  static Proxy toPostgres(int port, RandomGenerator random) {
    return new Proxy(port, random, true);
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  /** How many connections are open. */
  int connections() {
    return links.size();
  }

  /** How often that has taken place. */
  long count(Mishap fault) {
    LongAdder count = counts.get(fault);
    return count == null ? 0 : count.sum();
  }

  /** Nothing is to be lost any more. */
  void loseNothing() {
    requests.clear();
    answers.clear();
  }

  /** Good weather again: nothing is slow, silent, refused or to be lost. */
  void heal() {
    weather.delay(Duration.ZERO, Duration.ZERO);
    weather.silence(Set.of());
    loseNothing();
    refuse(false);
  }

  /** Each chunk takes so long, and up to {@code jitter} longer; zero for none. */
  void delay(Duration fixed, Duration jitter) {
    weather.delay(fixed, jitter);
  }

  /**
   * Nothing gets through these ways, and nobody is told, not even that the other one is gone. What
   * is said meanwhile arrives when it ends.
   *
   * @param ways all that are silent from now on; none ends the silence
   */
  void silence(Direction... ways) {
    weather.silence(Set.of(ways));
  }

  /**
   * Cuts all connections.
   *
   * @param reset by RST, and otherwise by FIN
   * @return how many
   */
  int cut(boolean reset) {
    int cut = 0;
    for (Link link : links) {
      if (link.end(reset, Mishap.CUT)) {
        cut++;
      }
    }
    return cut;
  }

  /** Refuses new connections, or takes them again. Those that are open go on. */
  synchronized void refuse(boolean refused) {
    ServerSocket open = door;
    try {
      if (closed) {
        return; // Whoever hurts it may not know yet.
      } else if (refused && open != null) {
        adder(Mishap.REFUSAL).increment();
        open.close();
        awaitEnd(porter);
        door = null;
      } else if (!refused && open == null) {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        door = opened;
        porter = daemon(() -> accept(opened));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets PostgreSQL commit, swallows its answer, and cuts the connection by RST: if such a
   * statement was committed, by itself or by the COMMIT of its transaction.
   *
   * @param sql which statements; sees their text with $1, $2 for parameters
   * @param times how often; adds to what was asked before
   */
  void loseAnswers(Predicate<String> sql, int times) {
    answers.add(sql, times);
  }

  /**
   * Cuts the connection by RST before PostgreSQL hears of the request that would commit such a
   * statement: the statement, or the COMMIT of its transaction. It never happens.
   *
   * @param sql which statements; sees their text with $1, $2 for parameters
   * @param times how often; adds to what was asked before
   */
  void loseRequests(Predicate<String> sql, int times) {
    requests.add(sql, times);
  }

  /** The system goes on listening for as long as someone is in the middle of an accept. */
  private static void awaitEnd(@Nullable Thread thread) {
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private LongAdder adder(Mishap fault) {
    return counts.computeIfAbsent(fault, first -> new LongAdder());
  }

  private void accept(ServerSocket open) {
    while (!open.isClosed()) {
      try {
        connect(open.accept());
      } catch (IOException e) {
        if (!open.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    Socket server;
    try {
      server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException down) {
      Link.close(client, true);
      return;
    }
    Link link =
        new Link(
            client, server, taps.get(), weather, fault -> adder(fault).increment(), links::remove);
    links.add(link);
    link.open();
  }

  /** A thread that doesn't keep the JVM from ending. */
  static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Refuses for good, and ends all connections. */
  @Override
  public synchronized void close() {
    refuse(true);
    closed = true;
    links.forEach(link -> link.end(true, null));
  }
}
