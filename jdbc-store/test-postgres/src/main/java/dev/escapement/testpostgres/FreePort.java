package dev.escapement.testpostgres;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that go away and come back. They lie below those that the system gives to
 * clients: otherwise a client might take the port of a server that is down, or, knocking at it,
 * connect to itself.
 */
public final class FreePort {

  private static final int FROM = 15_000;
  private static final int TO = 30_000;
  private static final int TRIES = 1000;

  /** A server that is down for a while wants its port back. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** A port that nobody listens on, and that wasn't given to anybody in this JVM. */
  public static int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FROM, TO);
      if (!GIVEN.contains(port) && isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No port is free between " + FROM + " and " + TO + ".");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("Can't listen on " + port + ".", e);
    }
  }
}
