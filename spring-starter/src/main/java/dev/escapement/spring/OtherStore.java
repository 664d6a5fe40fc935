package dev.escapement.spring;

import java.util.List;
import org.springframework.core.env.Environment;

/** Settings of a store that isn't the one in use: whoever made them believes it is. */
final class OtherStore {

  private OtherStore() {}

  /**
   * Refuses them.
   *
   * @param settings the name above theirs
   * @param here where the state lives
   */
  static void refuseSettings(Environment environment, String settings, String here) {
    List<String> lines = PropertyOrigins.linesBelow(environment, settings);
    if (!lines.isEmpty()) {
      throw new NoStoreException(
          "The triggers are kept "
              + here
              + ", for which this has no meaning:"
              + System.lineSeparator()
              + String.join(System.lineSeparator(), lines),
          "Leave it away, or say with escapement.store where they are to be kept: jdbc or redis.");
    }
  }
}
