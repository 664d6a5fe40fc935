package dev.escapement.torture;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link Proxy}: from a client to it, and from it to the server. */
final class Link {

  private static final int CHUNK = 1 << 14;

  private final Socket client;
  private final Socket server;
  private final Tap tap;
  private final Weather weather;
  private final Consumer<Mishap> happened;
  private final Consumer<Link> ended;
  private final AtomicBoolean gone = new AtomicBoolean();

  /**
   * A link that isn't open yet.
   *
   * @param happened hears of faults that took place
   * @param ended hears once that the link is no more, before its client can notice
   */
  Link(
      Socket client,
      Socket server,
      Tap tap,
      Weather weather,
      Consumer<Mishap> happened,
      Consumer<Link> ended) {
    this.client = client;
    this.server = server;
    this.tap = tap;
    this.weather = weather;
    this.happened = happened;
    this.ended = ended;
  }

  /** Begins to pass on. */
  void open() {
    Proxy.daemon(() -> pump(Direction.REQUESTS));
    Proxy.daemon(() -> pump(Direction.ANSWERS));
  }

  private void pump(Direction way) {
    try {
      pass(way);
    } catch (Tap.Lost lost) {
      end(true, lost.fault());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(true, null);
    } catch (RuntimeException e) {
      // One direction that is dead while the other lives would be a fault that nobody asked for.
      end(true, null);
      throw e;
    }
  }

  private void pass(Direction way) throws Tap.Lost, InterruptedException {
    boolean asks = way == Direction.REQUESTS;
    Socket from = asks ? client : server;
    Socket to = asks ? server : client;
    byte[] chunk = new byte[CHUNK];
    for (int read = read(from, chunk); ; read = read(from, chunk)) {
      if (weather.held(way, gone::get)) {
        happened.accept(Mishap.SILENCE);
      }
      if (read < 0) {
        end(false, null);
        return;
      }
      if (weather.slow(gone::get)) {
        happened.accept(Mishap.DELAY);
      }
      byte[] passed = tap.hear(way, chunk, read);
      if (gone.get()) {
        return;
      }
      if (!write(to, passed)) {
        // That the other side is gone is news that go the other way.
        weather.held(asks ? Direction.ANSWERS : Direction.REQUESTS, gone::get);
        end(false, null);
        return;
      }
    }
  }

  private static int read(Socket from, byte[] chunk) {
    try {
      InputStream in = from.getInputStream();
      return in.read(chunk);
    } catch (IOException over) {
      return -1;
    }
  }

  private static boolean write(Socket to, byte[] data) {
    try {
      to.getOutputStream().write(data);
      return true;
    } catch (IOException over) {
      return false;
    }
  }

  /**
   * Ends it on both sides.
   *
   * @param reset by RST, and otherwise by FIN
   * @param why the fault that this is, which counts before anyone notices; null for none
   * @return false if it had ended before
   */
  boolean end(boolean reset, @Nullable Mishap why) {
    if (!gone.compareAndSet(false, true)) {
      return false;
    }
    if (why != null) {
      happened.accept(why);
    }
    ended.accept(this);
    weather.look();
    close(client, reset);
    close(server, reset);
    return true;
  }

  /** Closes a socket; one that is closed already has no use for it, so this never fails. */
  static void close(Socket socket, boolean reset) {
    try (socket) {
      if (reset) {
        socket.setSoLinger(true, 0);
      } else {
        socket.shutdownOutput();
      }
    } catch (IOException over) {
      // It has been closed by the one at its other end.
      assert socket.isClosed();
    }
  }
}
