package dev.escapement.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Starts replicas as processes, hears what they say, kills and stops them. A replica lives no
 * longer than its supervisor: it ends when its standard input does.
 */
final class Supervisor implements AutoCloseable {

  private static final Duration STOP_GRACE = Duration.ofSeconds(15);

  /** Each replica lives in another default time zone, which must change nothing. */
  private static final List<String> ZONES =
      List.of("UTC", "America/New_York", "Pacific/Apia", "Asia/Kathmandu", "Australia/Lord_Howe");

  private final Address database;
  private final Program program;
  private final Map<String, Process> replicas = new ConcurrentHashMap<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean stopping;

  Supervisor(Address database, Program program) {
    this.database = database;
    this.program = program;
  }

  /** What a replica said, or that it is gone. */
  record Event(String replica, Message message) {}

  /** Starts a replica; returns its process id. */
  long start(String name) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m", // many replicas fit into a laptop
            "-XX:TieredStopAtLevel=1", // and start quickly
            "-Duser.timezone=" + ZONES.get(replicas.size() % ZONES.size()),
            "-cp",
            System.getProperty("java.class.path"),
            Replica.class.getName());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(Replica.NAME, name);
    database.putInto(builder.environment());
    program.putInto(builder.environment());
    Process process = builder.start();
    replicas.put(name, process);
    Thread listener = new Thread(() -> listen(name, process), "listens to " + name);
    listener.setDaemon(true);
    listener.start();
    return process.pid();
  }

  private void listen(String name, Process process) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(line -> hear(name, line));
    } catch (IOException | UncheckedIOException e) {
      // The pipe of a killed process breaks.
    }
    if (!stopping) {
      events.add(new Event(name, Message.of(Message.Kind.GONE)));
    }
  }

  private void hear(String name, String line) {
    Message.parse(line)
        .ifPresentOrElse(
            message -> events.add(new Event(name, message)),
            () -> System.out.println(name + ": " + line));
  }

  /** The next event; empty if there is none within that time. */
  Optional<Event> next(Duration atMost) throws InterruptedException {
    return Optional.ofNullable(events.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** Kills a replica as a power cut would; returns when it is dead. */
  void kill(String name) throws InterruptedException {
    Objects.requireNonNull(replicas.get(name), name).destroyForcibly().waitFor();
  }

  /**
   * Asks all replicas to stop and waits for them.
   *
   * @return those that didn't in time, and were killed
   */
  List<String> stop() throws InterruptedException {
    stopping = true;
    for (Process replica : replicas.values()) {
      askToStop(replica);
    }
    long deadline = System.nanoTime() + STOP_GRACE.toNanos();
    for (Process replica : replicas.values()) {
      replica.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    List<String> stubborn =
        replicas.entrySet().stream()
            .filter(replica -> replica.getValue().isAlive())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    close();
    return stubborn;
  }

  private static void askToStop(Process replica) {
    try (OutputStream input = replica.getOutputStream()) {
      input.write('\n');
    } catch (IOException e) {
      // It is gone already.
    }
  }

  /** Kills whatever still runs. */
  @Override
  public void close() {
    stopping = true;
    replicas.values().forEach(Process::destroyForcibly);
  }
}
