package dev.escapement.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Text that a user hands over in a file: UTF-8, and not too much of it. */
final class TextFile {

  private TextFile() {}

  static String read(Path path, int mostBytes) throws InputException {
    String file = path.toString();
    try (InputStream stream = Files.newInputStream(path)) {
      byte[] bytes = stream.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw new InputException(file, "is too large; " + mostBytes + " bytes are allowed.");
      }
      return decode(file, bytes);
    } catch (NoSuchFileException e) {
      throw new InputException(file, "doesn't exist.");
    } catch (IOException e) {
      throw new InputException(file, "can't be read: " + e.getMessage());
    }
  }

  static String decode(String file, byte[] bytes) throws InputException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
    text.flip();
    if (result.isError()) {
      throw new InputException(file, (int) text.toString().lines().count(), "isn't UTF-8.");
    }
    return text.toString();
  }

  /** What was written, as errors show it: short, and without what a terminal would obey. */
  static String quote(String value) {
    String shortened = value.length() > 40 ? value.substring(0, 40) + "…" : value;
    return '"' + shortened.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
