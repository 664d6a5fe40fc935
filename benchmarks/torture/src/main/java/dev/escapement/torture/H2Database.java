package dev.escapement.torture;

import dev.escapement.testpostgres.FreePort;
import dev.escapement.testpostgres.PostgresServer.Stop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An H2 server in a JVM of its own, over a file. Its class path is ours. It knows no end between
 * FAST, which closes the database, and KILL: IMMEDIATE is the same as KILL.
 */
final class H2Database implements DatabaseServer {

  private static final int PATIENCE_IN_SECONDS = 60;

  private final Path folder;
  private final int port = FreePort.next();
  private @Nullable Process process;

  /** Starts it. */
  H2Database() {
    try {
      this.folder = Files.createTempDirectory("escapement-h2");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  /** Nothing that was committed waits to be written: by default the last half second does. */
  @Override
  public String url(int port) {
    return "jdbc:h2:tcp://127.0.0.1:" + port + "/./torture;USER=sa;WRITE_DELAY=0";
  }

  @Override
  public int port() {
    return port;
  }

  /** The server's process, while it is up. */
  long pid() {
    if (process == null) {
      throw new IllegalStateException("The server is down.");
    }
    return process.pid();
  }

  @Override
  public void start() {
    if (process == null) {
      try {
        process = launch();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dh2.bindAddress=127.0.0.1",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                H2Process.class.getName(),
                Integer.toString(port),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = started.inputReader();
    if (!H2Process.READY.equals(out.readLine())) {
      throw new IOException("H2 doesn't start; what it said stands above.");
    }
    return started;
  }

  @Override
  public void stop(Stop how) {
    Process running = process;
    if (running == null) {
      return;
    }
    // Not Process.destroy: that closes the input of the server too, and so says that we are gone.
    ProcessHandle handle = running.toHandle();
    if (how == Stop.FAST) {
      handle.destroy();
    } else {
      handle.destroyForcibly();
    }
    try {
      if (!running.waitFor(PATIENCE_IN_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("H2 doesn't end.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    process = null;
  }

  @Override
  public void close() {
    stop(Stop.KILL);
    delete(folder);
  }

  /** Deletes a folder and what is in it, if it is there. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
