package dev.escapement.redis;

import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an error of Redis or Lettuce means. An error that Redis answered says that the script did
 * nothing: it refuses before the first write. Where there is no answer, nobody knows.
 */
final class RedisErrors {

  /** What passes by itself, or when somebody helps Redis; nothing changed. */
  private static final Set<String> PASSING =
      Set.of(
          "LOADING", // it is starting
          "BUSY", // another script runs for too long
          "MASTERDOWN",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "READONLY", // a failover has left us on a replica
          "OOM",
          "MISCONF", // it can't write to disk
          "NOREPLICAS");

  /** What won't let us in until somebody changes it. */
  private static final Set<String> LASTING = Set.of("NOAUTH", "WRONGPASS", "NOPERM");

  private static final Set<String> NO_MASTER = Set.of("READONLY", "MASTERDOWN");

  private static final Map<String, String> ADVICE =
      Map.of(
          "READONLY", "This is a replica; connect to the master, or by Sentinel.",
          "OOM", "Redis has used up its maxmemory: give it more, or keep less history.",
          "WRONGTYPE",
              "A key under our prefix isn't ours; give the store a prefix that nobody else uses.",
          "NOAUTH", "Redis wants a password.",
          "WRONGPASS", "User name or password are wrong.",
          "NOPERM", "The user's ACL must allow EVALSHA, EVAL and what the scripts call.");

  private static final Pattern WORD = Pattern.compile("\\b[A-Z]{3,}\\b");

  private RedisErrors() {}

  /** Whether Redis has answered, if only with an error. */
  static boolean isAnswer(Throwable thrown) {
    return answered(thrown) != null;
  }

  /** Whether it isn't the master any more, or has lost it. */
  static boolean saysThatItIsNoMaster(Throwable thrown) {
    String answer = answered(thrown);
    return answer != null && NO_MASTER.contains(word(answer));
  }

  /**
   * The exception to throw.
   *
   * @param writes whether it may have changed something
   */
  static StoreException translate(String what, String where, boolean writes, Throwable thrown) {
    String answer = answered(thrown);
    if (answer == null) {
      return writes
          ? new UnknownCommitException(
              "The answer to the attempt to "
                  + what
                  + " in "
                  + where
                  + " was lost, and it may have happened; read before trying again: "
                  + thrown,
              thrown)
          : new TransientStoreException(
              "Could not " + what + " in " + where + ": " + thrown, thrown);
    }
    String message = "Could not " + what + " in " + where + ": " + answer + advice(answer);
    return PASSING.contains(word(answer)) || answer.contains("Script killed by user")
        ? new TransientStoreException(message, thrown)
        : new StoreException(message, thrown);
  }

  /** The exception to throw when there is no connection. */
  static StoreException unreachable(String what, String where, Throwable thrown) {
    String answer = answered(thrown);
    String message =
        "Could not "
            + what
            + ": no connection to "
            + where
            + ": "
            + (answer == null ? bare(thrown) : answer + advice(answer));
    return answer == null || !LASTING.contains(word(answer))
        ? new TransientStoreException(message, thrown)
        : new StoreException(message, thrown);
  }

  /** Without what a future wraps it in. */
  private static Throwable bare(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof ExecutionException && cause != null ? cause : thrown;
  }

  private static String advice(String answer) {
    String advice = ADVICE.get(word(answer));
    return advice == null ? "" : " " + advice;
  }

  /** What kind of error it is. That of a command in a script stands behind where that is. */
  private static String word(String answer) {
    Matcher matcher = WORD.matcher(answer);
    while (matcher.find()) {
      if (PASSING.contains(matcher.group()) || ADVICE.containsKey(matcher.group())) {
        return matcher.group();
      }
    }
    return "ERR";
  }

  /** What Redis said; null if it said nothing. */
  private static @Nullable String answered(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException redis) {
        return redis.getMessage();
      }
    }
    return null;
  }
}
