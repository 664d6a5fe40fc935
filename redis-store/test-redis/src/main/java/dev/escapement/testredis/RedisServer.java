package dev.escapement.testredis;

import dev.escapement.testpostgres.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server of one's own, on a port and in a folder of its own. It can be stopped, killed and
 * started again, with the same data on the same port. Nothing of it is left behind, however the JVM
 * ends: a shell beside it waits until this JVM closes its input, and then kills the server and
 * deletes the folder.
 *
 * <p>Not thread-safe.
 */
public final class RedisServer implements AutoCloseable {

  /** How a server ends. */
  public enum Stop {
    /** It writes all to disk. */
    ORDERLY,
    /** It is killed. */
    KILL
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final String GUARD =
      """
      trap '' HUP INT TERM
      cat > /dev/null
      kill -KILL $(cat "$0/pid") 2> /dev/null
      rm -rf "$0"
      """;

  private final Path program;
  private final Path folder;
  private final Process guard;
  private final int port = FreePort.next();
  private final List<String> arguments;
  private @Nullable Process server;

  /**
   * @param arguments besides those that say where it listens
   */
  private RedisServer(Path program, Path folder, List<String> arguments) throws IOException {
    this.program = program;
    this.folder = folder;
    this.arguments = arguments;
    this.guard =
        new ProcessBuilder("sh", "-c", GUARD, folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /**
   * Starts a new, empty server. It appends to a file, and waits for the disk each second.
   *
   * @param settings others, as in redis.conf
   */
  public static RedisServer start(Map<String, String> settings) {
    List<String> arguments = new ArrayList<>(List.of("--appendonly", "yes", "--save", ""));
    settings.forEach(
        (name, value) -> {
          arguments.add("--" + name);
          arguments.addAll(List.of(value.split(" ")));
        });
    try {
      return started(Files.createTempDirectory("escapement-redis-data"), arguments);
    } catch (IOException e) {
      throw new UncheckedIOException("Redis couldn't be started.", e);
    }
  }

  /**
   * Starts a Sentinel that watches a server.
   *
   * @param name what it calls that server
   */
  public static RedisServer startSentinel(RedisServer watched, String name) {
    try {
      Path folder = Files.createTempDirectory("escapement-redis-sentinel");
      Path file =
          Files.writeString(
              folder.resolve("sentinel.conf"),
              "sentinel monitor %s 127.0.0.1 %d 1%n".formatted(name, watched.port()));
      return started(folder, List.of(file.toString(), "--sentinel"));
    } catch (IOException e) {
      throw new UncheckedIOException("The Sentinel couldn't be started.", e);
    }
  }

  private static RedisServer started(Path folder, List<String> arguments) throws IOException {
    RedisServer made = new RedisServer(Program.unpacked(), folder, arguments);
    try {
      made.start();
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /** Where it is. */
  public String url() {
    return url(port);
  }

  /** As if it listened on another port of this machine, where someone passes on what is said. */
  public String url(int port) {
    return "redis://127.0.0.1:" + port;
  }

  /** The port, the same after each start. */
  public int port() {
    return port;
  }

  /** The server's process, while it is up. */
  public long pid() {
    if (server == null) {
      throw new IllegalStateException("The server is down.");
    }
    return server.pid();
  }

  /** Starts it again, and waits until it answers. Does nothing if it is up. */
  public void start() {
    if (server != null) {
      return;
    }
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments); // a file of settings must come first
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.toString()));
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
              .start();
      Files.writeString(folder.resolve("pid"), Long.toString(started.pid()));
      await(started);
      server = started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(Process started) throws IOException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!started.isAlive() || System.nanoTime() - until > 0) {
        started.destroyForcibly();
        throw new IOException("Redis doesn't start:\n" + log());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** One that loads its data says so, and one with a password refuses; both do answer. */
  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(5);
      String text = new String(answer, StandardCharsets.US_ASCII);
      return text.equals("+PONG") || text.equals("-NOAU");
    } catch (IOException e) {
      return false;
    }
  }

  /** What the server has logged so far. */
  public String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it, and waits until it is gone. Does nothing if it is down. */
  public void stop(Stop how) {
    Process running = server;
    if (running == null) {
      return;
    }
    if (how == Stop.KILL) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    end(running);
    server = null;
  }

  /** Stops it and deletes everything. Idempotent. */
  @Override
  public void close() {
    stop(Stop.KILL);
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end(guard);
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(process.info() + " doesn't end.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
