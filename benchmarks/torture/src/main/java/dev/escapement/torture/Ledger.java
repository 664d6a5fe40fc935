package dev.escapement.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What handlers say of their own runs. Each replica appends to it over a connection of its own,
 * which no fault touches, and a run begins only after its line was taken. So a run that isn't here
 * didn't happen. Lives in the memory of the process that hurts the others, and in a file beside
 * their logs. Thread-safe.
 */
final class Ledger implements AutoCloseable {

  private static final long PATIENCE = 10_000;
  private static final byte[] TAKEN = "ok\n".getBytes(StandardCharsets.UTF_8);

  private final ServerSocket socket;
  private final Writer file;
  private final Map<Long, Run> runs = new LinkedHashMap<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Trouble> stalls = new ArrayList<>();
  private final Set<Thread> readers = ConcurrentHashMap.newKeySet();
  private long next;

  /**
   * @param file what is heard is written there too
   */
  Ledger(Path file) throws IOException {
    this.file = Files.newBufferedWriter(file);
    this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    daemon("ledger", this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits until all has been heard that those have said who are gone. */
  void awaitLastWords() throws InterruptedException {
    for (Thread reader : readers) {
      reader.join(PATIENCE);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket replica = socket.accept();
        readers.add(daemon("ledger of " + replica.getPort(), () -> serve(replica)));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        OutputStream answers = connection.getOutputStream()) {
      String replica = lines.readLine();
      Map<Claimed, Long> open = new LinkedHashMap<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (take(replica, line.split("\t", -1), open)) {
          answers.write(TAKEN);
          answers.flush();
        }
      }
    } catch (IOException e) {
      // The connection of a killed process breaks.
    }
  }

  /** Whether the replica waits for an answer. */
  private synchronized boolean take(String replica, String[] line, Map<Claimed, Long> open)
      throws IOException {
    file.write(Instant.now() + "\t" + replica + "\t" + String.join("\t", line) + "\n");
    file.flush();
    switch (line[0]) {
      case "begin" -> {
        Run run = begun(replica, line);
        runs.put(++next, run);
        open.put(run.claimed(), next);
        return true;
      }
      case "end" -> {
        Claimed claimed = new Claimed(UUID.fromString(line[1]), Long.parseLong(line[2]));
        Long number = open.remove(claimed);
        if (number != null) {
          runs.computeIfPresent(
              number, (n, run) -> run.ended(Instant.now(), Run.End.valueOf(line[3])));
        }
        return true;
      }
      case "mark" -> {
        marks.add(
            new Mark(
                UUID.fromString(line[1]),
                Long.parseLong(line[2]),
                Mark.What.valueOf(line[3]),
                Long.parseLong(line[4])));
        return true;
      }
      case "stall" -> {
        Instant now = Instant.now();
        Instant from = now.minusMillis(Long.parseLong(line[1]));
        stalls.add(new Trouble(replica, Trouble.Kind.STALLED, from, now));
        return false;
      }
      default -> throw new IllegalStateException("no such line: " + String.join("\t", line));
    }
  }

  private static Run begun(String replica, String[] line) {
    return new Run(
        replica,
        UUID.fromString(line[1]),
        Long.parseLong(line[2]),
        line[3],
        Instant.parse(line[4]),
        Integer.parseInt(line[5]),
        Long.parseLong(line[6]),
        Instant.now(),
        null,
        null);
  }

  /** All runs that have begun. */
  synchronized List<Run> runs() {
    return List.copyOf(runs.values());
  }

  /** What runs have said of checkpoints. */
  synchronized List<Mark> marks() {
    return List.copyOf(marks);
  }

  /** How long replicas weren't scheduled, by what they say themselves. */
  synchronized List<Trouble> stalls() {
    return List.copyOf(stalls);
  }

  /** How many runs have begun. */
  synchronized int count() {
    return runs.size();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    file.close();
  }
}
