package dev.escapement.store;

import dev.escapement.Priority;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of a job that it knows, as far as the cluster shares it.
 *
 * @param job the job's name
 * @param queue where its triggers wait unless a request says otherwise
 * @param priority their priority unless a request says otherwise
 * @param schedule the identity of the schedule by which it recurs ({@link
 *     dev.escapement.schedule.Schedule#identity()}); null if it doesn't
 */
public record JobDeclaration(
    String job, String queue, Priority priority, @Nullable String schedule) {

  private static final int HASH_BYTES = 16;

  /** Tells declarations of one job apart: 32 hexadecimal digits, the same in every process. */
  public String hash() {
    // No name has a control character, so the parts can't run into each other.
    String all = queue + '\n' + priority + '\n' + (schedule == null ? "" : "s" + schedule);
    byte[] digest = sha256().digest(all.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
