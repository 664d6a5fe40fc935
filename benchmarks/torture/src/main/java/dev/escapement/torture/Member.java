package dev.escapement.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A replica's process, as the one who started it holds it. Thread-safe. */
final class Member {

  private final ReplicaSettings settings;
  private final Process process;
  private final Proxy proxy;
  private final Path log;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean doomed;
  private final CompletableFuture<Stats> stats = new CompletableFuture<>();

  /**
   * What a replica said when it stopped in good order.
   *
   * @param sessions how many sessions it has opened
   * @param fenced how many ends it couldn't write, because another had taken over
   */
  record Stats(long sessions, long fenced) {}

  /**
   * Takes a process over.
   *
   * @param gone told when it has ended, and all that it said was heard
   */
  Member(ReplicaSettings settings, Process process, Proxy proxy, Path log, Consumer<Member> gone) {
    this.settings = settings;
    this.process = process;
    this.proxy = proxy;
    this.log = log;
    Thread listener = new Thread(() -> listen(gone), "hears " + settings.name());
    listener.setDaemon(true);
    listener.start();
  }

  private void listen(Consumer<Member> gone) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        hear(line);
      }
    } catch (IOException e) {
      // The pipe of a killed process breaks.
    } finally {
      ready.countDown();
      stopped.countDown();
      gone.accept(this);
    }
  }

  private void hear(String line) throws IOException {
    String[] words = line.split(" ", -1);
    if (words[0].equals(Replica.READY)) {
      ready.countDown();
    } else if (words[0].equals(Replica.STATS)) {
      stats.complete(new Stats(Long.parseLong(words[1]), Long.parseLong(words[2])));
      stopped.countDown();
    } else {
      // The JVM itself: a dump of its threads, perhaps.
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  String name() {
    return settings.name();
  }

  ReplicaSettings settings() {
    return settings;
  }

  Proxy proxy() {
    return proxy;
  }

  Process process() {
    return process;
  }

  /** Where it logs. */
  Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until its scheduler has started, or the process has ended. */
  boolean awaitReady(Duration atMost) throws InterruptedException {
    return ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS) && process.isAlive();
  }

  /** Waits until its scheduler has closed, or the process has ended. */
  boolean awaitStopped(Duration atMost) throws InterruptedException {
    return stopped.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  void say(String order) {
    try {
      Writer orders = process.outputWriter(StandardCharsets.UTF_8);
      orders.write(order + "\n");
      orders.flush();
    } catch (IOException e) {
      // The pipe of a process breaks before the process counts as dead.
      if (!hasEnded()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private boolean hasEnded() {
    try {
      return process.waitFor(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Notes that it will be killed, now or at a certain moment: its end surprises nobody. */
  void doom() {
    doomed = true;
  }

  /** Whether it has ended as it should: it was killed, stopped, or a job of it ended the JVM. */
  boolean hasGoneAsItShould() {
    return doomed || stats.isDone() || (hasEnded() && process.exitValue() == BadJobs.EXIT);
  }

  /** Sends a signal. Does nothing if the process has ended. */
  void send(Signals signal) throws IOException {
    try {
      signal.send(process.pid());
    } catch (IOException e) {
      if (!hasEnded()) {
        throw e;
      }
    }
  }

  /** What it said when it stopped; done only if it did so in good order. */
  CompletableFuture<Stats> stats() {
    return stats;
  }

  @Override
  public String toString() {
    return name();
  }
}
