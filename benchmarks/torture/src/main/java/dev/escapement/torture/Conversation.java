package dev.escapement.torture;

import dev.escapement.torture.Tap.Lost;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Listens in on one connection to PostgreSQL, version 3 of the protocol and unencrypted, and loses
 * what it is told to.
 *
 * <p>A client asks in rounds, each of which ends with Sync (or is one Query), and which the server
 * ends with ReadyForQuery. The answers of a round that commits something to be lost are held back
 * until its end: not before that is it certain what happened.
 */
final class Conversation implements Tap {

  private static final int CANCEL = 80877102;
  private static final int ENCRYPT_WITH_SSL = 80877103;
  private static final int ENCRYPT_WITH_GSS = 80877104;

  /** One round: what it commits if all goes well. */
  private static final class Round {
    private volatile List<String> commits = List.of();

    void add(List<String> statements) {
      if (!statements.isEmpty()) {
        List<String> all = new ArrayList<>(commits);
        all.addAll(statements);
        commits = all;
      }
    }
  }

  private final Losses requestsToLose;
  private final Losses answersToLose;
  private final Frames asked = new Frames();
  private final Frames answered = new Frames();
  private final Commits commits = new Commits();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /** Those that the server hasn't ended; the last one is still being asked if {@code asking}. */
  private final Deque<Round> rounds = new ArrayDeque<>();

  private final AtomicInteger encryptionAsked = new AtomicInteger();
  private boolean greeted;
  private @Nullable Round asking;
  private boolean failed;

  Conversation(Losses requestsToLose, Losses answersToLose) {
    this.requestsToLose = requestsToLose;
    this.answersToLose = answersToLose;
  }

  @Override
  public byte[] hear(Direction way, byte[] data, int length) throws Lost {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(length);
    if (way == Direction.REQUESTS) {
      asked.feed(data, length);
      for (byte[] message = request(); message != null; message = request()) {
        passed.writeBytes(message);
      }
    } else {
      answered.feed(data, length);
      for (byte[] message = answer(); message != null; message = answer()) {
        keepOrPass(message, passed);
      }
    }
    return passed.toByteArray();
  }

  private byte @Nullable [] request() throws Lost {
    if (!greeted) {
      byte[] greeting = asked.untyped();
      if (greeting != null) {
        greet(ByteBuffer.wrap(greeting).getInt(Integer.BYTES));
      }
      return greeting;
    }
    byte[] message = asked.typed();
    if (message != null) {
      ask(message);
    }
    return message;
  }

  private void greet(int code) {
    switch (code) {
      case ENCRYPT_WITH_SSL, ENCRYPT_WITH_GSS -> encryptionAsked.incrementAndGet();
      case CANCEL -> greeted = true;
      default -> {
        greeted = true;
        round();
        asking = null;
      }
    }
  }

  private void ask(byte[] message) throws Lost {
    switch (message[0]) {
      case 'p', 'X', 'd', 'c', 'f' -> {
        // Passwords, farewells and copied data begin no round.
      }
      default -> {
        Round round = round();
        List<String> statements = commits.read(message);
        if (requestsToLose.take(statements)) {
          throw new Lost(Mishap.LOST_REQUEST);
        }
        round.add(statements);
        if (message[0] == 'S' || message[0] == 'Q' || message[0] == 'F') {
          asking = null;
        }
      }
    }
  }

  private Round round() {
    Round now = asking;
    if (now == null) {
      now = new Round();
      synchronized (rounds) {
        rounds.addLast(now);
      }
      asking = now;
    }
    return now;
  }

  private byte @Nullable [] answer() {
    if (encryptionAsked.get() > 0) {
      byte[] refusal = answered.single();
      if (refusal != null) {
        encryptionAsked.decrementAndGet();
      }
      return refusal;
    }
    return answered.typed();
  }

  private void keepOrPass(byte[] message, ByteArrayOutputStream passed) throws Lost {
    if (message.length == 1) {
      passed.writeBytes(message);
      return;
    }
    List<String> committed = committed(message[0] == 'Z');
    failed |= message[0] == 'E' || isRollback(message);
    held.writeBytes(message);
    if (message[0] == 'Z') {
      boolean done = !failed && message[message.length - 1] == 'I';
      failed = false;
      if (done && answersToLose.take(committed)) {
        throw new Lost(Mishap.LOST_ANSWER);
      }
    } else if (!failed && answersToLose.mayTake(committed)) {
      return;
    }
    passed.writeBytes(held.toByteArray());
    held.reset();
  }

  /** What the round that is being answered commits. */
  private List<String> committed(boolean ends) {
    synchronized (rounds) {
      Round round = ends ? rounds.pollFirst() : rounds.peekFirst();
      return round == null ? List.of() : round.commits;
    }
  }

  private static boolean isRollback(byte[] message) {
    return message[0] == 'C'
        && new String(
                message,
                1 + Integer.BYTES,
                message.length - 1 - Integer.BYTES,
                StandardCharsets.US_ASCII)
            .startsWith("ROLLBACK");
  }
}
