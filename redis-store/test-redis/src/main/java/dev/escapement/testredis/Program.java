package dev.escapement.testredis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The program redis-server for this machine, unpacked once into the folder for temporary files. */
final class Program {

  private Program() {}

  /** Where it is; unpacks it, unless that was done before. */
  static Path unpacked() throws IOException {
    String name = name();
    Path folder =
        Files.createDirectories(
            Path.of(
                System.getProperty("java.io.tmpdir"),
                "escapement-test-redis-" + System.getProperty("user.name")));
    Path program = folder.resolve(name);
    if (!Files.isExecutable(program)) {
      unpack(name, program);
    }
    return program;
  }

  private static String name() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    if (system.startsWith("mac")) {
      return "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
    }
    if (!system.startsWith("linux")) {
      throw new IllegalStateException(
          "Can't run a Redis of our own on " + system + ", only on Linux and macOS.");
    }
    return arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
  }

  /** Others may be at it too; whoever moves the file to its place first wins. */
  private static void unpack(String name, Path program) throws IOException {
    Path fresh = Files.createTempFile(program.resolveSibling(""), "unpacking", "");
    try (InputStream in = Program.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException("There is no program " + name + " on the class path.");
      }
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isExecutable(program)) {
        throw e;
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
