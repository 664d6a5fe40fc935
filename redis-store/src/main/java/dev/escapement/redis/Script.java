package dev.escapement.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A Lua script, with what it includes, and the digest by which Redis knows it. */
final class Script {

  private static final String INCLUDE = "-- include: ";

  private final String name;
  private final byte[] text;
  private final String digest;

  private Script(String name, String text) {
    this.name = name;
    this.text = text.getBytes(StandardCharsets.UTF_8);
    this.digest = HexFormat.of().formatHex(sha1(this.text));
  }

  /**
   * Reads a script. A line that begins with {@code -- include:} names others, whose text stands
   * before its own.
   */
  static Script named(String name) {
    String own = read(name);
    StringBuilder all = new StringBuilder();
    own.lines()
        .filter(line -> line.startsWith(INCLUDE))
        .flatMap(line -> Arrays.stream(line.substring(INCLUDE.length()).split(", ")))
        .forEach(included -> all.append(read(included)));
    return new Script(name, all.append(own).toString());
  }

  private static String read(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("There is no script " + name + ".lua.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha1(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-1", e);
    }
  }

  byte[] text() {
    return text;
  }

  String digest() {
    return digest;
  }

  @Override
  public String toString() {
    return name;
  }
}
