package dev.escapement.testpostgres;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs for this machine, unpacked once into the folder for temporary files. */
final class Binaries {

  private static final String EVERYBODYS = "rwxr-xr-x";

  private Binaries() {}

  /**
   * Unpacks them, unless that was done before.
   *
   * @return the folder with initdb, pg_ctl and postgres
   */
  static Path unpacked() throws IOException {
    String archive = archive();
    Path home = home().resolve("PG-" + digest(archive));
    if (!Files.isDirectory(home)) {
      unpack(archive, home);
    }
    return home.resolve("bin");
  }

  private static Path home() throws IOException {
    String user = System.getProperty("user.name");
    return Files.createDirectories(
        Path.of(System.getProperty("java.io.tmpdir"), "escapement-test-postgres-" + user));
  }

  private static String archive() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean mac = name.startsWith("mac");
    if (!mac && !name.startsWith("linux")) {
      throw new IllegalStateException(
          "Can't run a PostgreSQL of our own on " + name + ", only on Linux and macOS.");
    }
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    boolean alpine = !mac && new File("/etc/alpine-release").exists();
    return "postgres-%s-%s%s.txz"
        .formatted(
            mac ? "darwin" : "linux", arm ? "arm_64" : "x86_64", alpine ? "-alpine_linux" : "");
  }

  private static InputStream open(String archive) throws IOException {
    InputStream found = Binaries.class.getResourceAsStream("/" + archive);
    if (found == null) {
      throw new IllegalStateException(
          "There are no programs in " + archive + " on the class path.");
    }
    return new BufferedInputStream(found, 1 << 16);
  }

  private static String digest(String archive) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Others may be at it too; whoever moves the folder to its place first wins. */
  private static void unpack(String archive, Path home) throws IOException {
    Path parent = home.resolveSibling("");
    Path fresh = Files.createTempDirectory(parent, "unpacking");
    try (TarArchiveInputStream in = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        put(entry, in, fresh);
      }
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(EVERYBODYS));
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
    } finally {
      delete(fresh);
    }
  }

  private static void put(TarArchiveEntry entry, InputStream in, Path folder) throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException(entry.getName() + " leads out of the archive.");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.resolveSibling(""));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(in, target);
    boolean executable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        target, PosixFilePermissions.fromString(executable ? EVERYBODYS : "rw-r--r--"));
  }

  /** Deletes a folder and what is in it. */
  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return; // It was moved to its place.
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
