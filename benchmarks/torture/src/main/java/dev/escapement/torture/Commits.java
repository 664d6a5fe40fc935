package dev.escapement.torture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a client asks of PostgreSQL, as far as one must know to say what a request commits. A
 * statement commits itself, unless BEGIN came before; COMMIT commits what ran since.
 */
final class Commits {

  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();
  private final List<String> transaction = new ArrayList<>();
  private boolean begun;

  /**
   * Reads a message.
   *
   * @return the statements that it commits, if all goes well
   */
  List<String> read(byte[] message) {
    Fields fields = new Fields(message);
    switch (message[0]) {
      case 'P' -> statements.put(fields.next(), fields.next());
      case 'B' -> portals.put(fields.next(), fields.next());
      case 'E' -> {
        String statement = portals.getOrDefault(fields.next(), "");
        return run(statements.getOrDefault(statement, ""));
      }
      case 'Q' -> {
        return run(fields.next());
      }
      default -> {
        // Describes, closes, or ends what the others said.
      }
    }
    return List.of();
  }

  private List<String> run(String sql) {
    String word = sql.stripLeading().toUpperCase(Locale.ROOT);
    if (word.startsWith("BEGIN") || word.startsWith("START TRANSACTION")) {
      begun = true;
      return List.of();
    }
    if (word.startsWith("COMMIT")) {
      return end();
    }
    if (word.startsWith("ROLLBACK") && !word.startsWith("ROLLBACK TO")) {
      end();
      return List.of();
    }
    if (begun) {
      transaction.add(sql);
      return List.of();
    }
    return List.of(sql);
  }

  private List<String> end() {
    List<String> ran = List.copyOf(transaction);
    transaction.clear();
    begun = false;
    return ran;
  }

  /** The texts in a message, each of which ends with a zero. */
  private static final class Fields {

    private final byte[] message;
    private int place = 1 + Integer.BYTES;

    Fields(byte[] message) {
      this.message = message;
    }

    String next() {
      int begin = place;
      while (message[place] != 0) {
        place++;
      }
      place++;
      return new String(message, begin, place - 1 - begin, StandardCharsets.UTF_8);
    }
  }
}
