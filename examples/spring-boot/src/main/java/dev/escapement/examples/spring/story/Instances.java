package dev.escapement.examples.spring.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts the shop's instances as processes, and stops them. */
final class Instances implements AutoCloseable {

  private static final int START_SECONDS = 90;
  private static final int STOP_SECONDS = 30;

  private final Database database;
  private final Map<String, Process> running = new ConcurrentHashMap<>();

  Instances(Database database) {
    this.database = database;
  }

  /** Starts one, and returns when it can be asked. */
  Client start(String name) throws IOException, InterruptedException, TimeoutException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1", // it starts quicker
            "-cp",
            System.getProperty("java.class.path"),
            Instance.class.getName(),
            "--shop.instance=" + name,
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--spring.main.banner-mode=off",
            "--logging.level.root=WARN");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    database.putInto(builder.environment());
    Process process = builder.start();
    running.put(name, process);
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Thread listener = new Thread(() -> listen(name, process, port), "listens to " + name);
    listener.setDaemon(true);
    listener.start();
    try {
      return new Client(name, process.pid(), port.get(START_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      throw new IOException(name + " has ended; what it printed above says why", e.getCause());
    }
  }

  private static void listen(String name, Process process, CompletableFuture<Integer> port) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(line -> hear(name, line, port));
    } catch (IOException | UncheckedIOException e) {
      // The pipe of a killed process breaks.
    }
    port.completeExceptionally(new IOException("the process is gone"));
  }

  private static void hear(String name, String line, CompletableFuture<Integer> port) {
    if (line.startsWith(Instance.READY)) {
      port.complete(Integer.parseInt(line.substring(Instance.READY.length())));
    } else {
      System.out.println(name + ": " + line);
    }
  }

  /** Lets them stop gracefully, and kills what doesn't. */
  @Override
  public void close() {
    List<Process> processes = List.copyOf(running.values());
    try {
      processes.forEach(Instances::askToStop);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
      for (Process process : processes) {
        process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  private static void askToStop(Process process) {
    try (OutputStream input = process.getOutputStream()) {
      input.write('\n');
    } catch (IOException e) {
      // It is gone already.
    }
  }
}
