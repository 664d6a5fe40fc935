package dev.escapement.speed.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions of libraries, as their jars tell. */
final class Versions {

  private static final String UNKNOWN = "?";

  private Versions() {}

  /**
   * The version of the library that a class is from; "?" if its jar doesn't tell.
   *
   * @param coordinates group and artifact with a slash between, as Maven's files in the jar are
   *     called by them
   */
  static String of(Class<?> type, String coordinates) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? byMaven(type, coordinates) : version;
  }

  private static String byMaven(Class<?> type, String coordinates) {
    try (InputStream file =
        type.getResourceAsStream("/META-INF/maven/" + coordinates + "/pom.properties")) {
      if (file == null) {
        return UNKNOWN;
      }
      Properties properties = new Properties();
      properties.load(file);
      return properties.getProperty("version", UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
