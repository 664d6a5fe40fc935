package dev.escapement.testpostgres;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of one's own, on a port and in a folder of its own. It can be stopped, killed
 * and started again, with the same data on the same port. Nothing of it is left behind, however the
 * JVM ends: a shell beside it waits until this JVM closes its input, and then stops the server and
 * deletes the folder.
 *
 * <p>Not thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

  /** How a server ends. */
  public enum Stop {
    /** It breaks off what is going on, and writes all to disk. */
    FAST("fast"),
    /** It writes nothing more; what was committed is found in its log at the next start. */
    IMMEDIATE("immediate"),
    /** All its processes are killed. */
    KILL("");

    private final String mode;

    Stop(String mode) {
      this.mode = mode;
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final int READY_LINE = 7;
  private static final String GUARD =
      """
      trap '' HUP INT TERM
      cat > /dev/null
      kill -CONT $(head -n 1 "$1/data/postmaster.pid") 2> /dev/null
      "$0" -D "$1/data" -m immediate -w stop
      rm -rf "$1"
      """;

  private final Account account;
  private final Path programs;
  private final Path folder;
  private final Process guard;
  private final int port = FreePort.next();
  private @Nullable Process postmaster;

  private PostgresServer(Account account, Path programs, Path folder) throws IOException {
    this.account = account;
    this.programs = programs;
    this.folder = folder;
    this.guard =
        quiet(account.command("sh", "-c", GUARD, program("pg_ctl"), folder.toString())).start();
  }

  /**
   * Starts a new, empty server: durable as by default, 300 connections, everybody on this machine
   * is trusted.
   *
   * @param settings others, as in postgresql.conf, without quotes
   */
  public static PostgresServer start(Map<String, String> settings) {
    try {
      Account account = Account.suitable();
      Path programs = Binaries.unpacked();
      Path folder = Files.createTempDirectory("escapement-postgres-data");
      account.own(folder);
      PostgresServer server = new PostgresServer(account, programs, folder);
      try {
        server.create(settings);
        server.start();
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL couldn't be started.", e);
    }
  }

  /** Where it is: the database postgres, as the user postgres, without a password. */
  public String url() {
    return url(port);
  }

  /** As if it listened on another port of this machine, where someone passes on what is said. */
  public String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  /** The port, the same after each start. */
  public int port() {
    return port;
  }

  /** The process that all others of the server descend from, while it is up. */
  public long pid() {
    return Objects.requireNonNull(postmaster, "The server is down.").pid();
  }

  /** What the server has logged so far. */
  public String log() {
    try {
      return Files.readString(logFile().toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again, and waits until it answers. Does nothing if it is up. */
  public void start() {
    if (postmaster != null) {
      return;
    }
    try {
      Process started =
          quiet(account.command(program("postgres"), "-D", data().toString()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile()))
              .start();
      await(started);
      postmaster = started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it, and waits until it is gone. Does nothing if it is down. */
  public void stop(Stop how) {
    Process running = postmaster;
    if (running == null) {
      return;
    }
    if (how == Stop.KILL) {
      kill(running);
    } else {
      run("pg_ctl", "-D", data().toString(), "-m", how.mode, "-w", "stop");
    }
    end(running);
    postmaster = null;
  }

  /** The first one goes first: it would take the death of the others for a crash, and go on. */
  private static void kill(Process running) {
    List<ProcessHandle> others = running.descendants().toList();
    running.destroyForcibly();
    others.forEach(ProcessHandle::destroyForcibly);
    others.forEach(
        other -> other.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
  }

  /** Stops it and deletes everything. Idempotent. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end(guard);
  }

  private void create(Map<String, String> settings) throws IOException {
    run(
        "initdb",
        "-D",
        data().toString(),
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "UTF-8",
        "--no-sync");
    StringBuilder lines = new StringBuilder();
    lines.append("port = ").append(port).append('\n');
    lines.append("listen_addresses = '127.0.0.1'\n");
    lines.append("unix_socket_directories = ''\n");
    lines.append("max_connections = 300\n");
    settings.forEach((name, value) -> lines.append("%s = '%s'\n".formatted(name, value)));
    Files.writeString(data().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
  }

  /** The server says in a file how far it is; one of an earlier life may still lie there. */
  private void await(Process started) throws IOException {
    Path file = data().resolve("postmaster.pid");
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady(file, started.pid())) {
      if (!started.isAlive() || System.nanoTime() - until > 0) {
        started.destroyForcibly();
        throw new IOException("PostgreSQL doesn't start:\n" + log());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static boolean isReady(Path file, long pid) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return false; // Not there yet, or an old one that is being put away.
    }
    return lines.size() > READY_LINE
        && lines.get(0).equals(Long.toString(pid))
        && lines.get(READY_LINE).strip().equals("ready");
  }

  private void run(String program, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = program(program);
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          quiet(account.command(command))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile()))
              .start();
      end(process);
      if (process.exitValue() != 0) {
        throw new IOException(program + " ended with " + process.exitValue() + ":\n" + log());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private static ProcessBuilder quiet(ProcessBuilder builder) {
    return builder
        .directory(File.listRoots()[0])
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }

  private String program(String name) {
    return programs.resolve(name).toString();
  }

  private Path data() {
    return folder.resolve("data");
  }

  private File logFile() {
    return folder.resolve("log").toFile();
  }
}
