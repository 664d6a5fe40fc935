package dev.escapement.examples.orders;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Starts offices as processes, kills one, and stops the rest. */
final class Offices implements AutoCloseable {

  private static final int STOP_SECONDS = 10;

  private final Database database;
  private final Map<String, Process> running = new ConcurrentHashMap<>();

  Offices(Database database) {
    this.database = database;
  }

  /** Starts an office; returns its process id. It takes a moment until it works. */
  long open(String name) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1", // it starts quicker
            "-cp",
            System.getProperty("java.class.path"),
            Office.class.getName());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(Office.NAME, name);
    database.putInto(builder.environment());
    Process process = builder.start();
    running.put(name, process);
    return process.pid();
  }

  /** Kills an office as a power cut would; returns when it is dead. */
  void kill(String name) throws InterruptedException {
    Objects.requireNonNull(running.remove(name), name).destroyForcibly().waitFor();
  }

  /** Lets those that still run stop gracefully, and kills what doesn't. */
  @Override
  public void close() {
    try {
      for (Process office : running.values()) {
        askToStop(office);
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
      for (Process office : running.values()) {
        office.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.values().forEach(Process::destroyForcibly);
    }
  }

  private static void askToStop(Process office) {
    try (OutputStream input = office.getOutputStream()) {
      input.write('\n');
    } catch (IOException e) {
      // It is gone already.
    }
  }
}
