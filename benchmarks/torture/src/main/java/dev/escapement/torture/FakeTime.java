package dev.escapement.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clock of a child process, off by whatever we like; what {@code System.nanoTime} reads
 * stays as it is. Needs libfaketime, which not every machine has.
 *
 * @param library the library
 * @param file where the child looks each time that it asks for the time
 */
record FakeTime(Path library, Path file) {

  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/local/lib/faketime/libfaketimeMT.so.1"));

  /** The library, if this machine has it. */
  static Optional<Path> installed() {
    return PLACES.stream().filter(Files::isReadable).findFirst();
  }

  /**
   * What a child needs in its environment. It runs by the file from its first moment on.
   *
   * <p>The library leaves the times of files alone, and the clock by which the system waits. Its
   * older versions, up to 0.9.10 at least, leave two small files of a killed process in /dev/shm;
   * newer ones are told to make none.
   */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_NO_CACHE", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DISABLE_SHM", "1",
        "NO_FAKE_STAT", "1");
  }

  /** Deletes what the library leaves behind of a process that was killed. */
  static void forget(long pid) throws IOException {
    Path memory = Path.of("/dev/shm");
    Files.deleteIfExists(memory.resolve("faketime_shm_" + pid));
    Files.deleteIfExists(memory.resolve("sem.faketime_sem_" + pid));
  }

  /** From now on the child's wall clock is off by that, to the microsecond. */
  void set(Duration off) throws IOException {
    Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "faketime", "");
    Files.writeString(fresh, String.format(Locale.ROOT, "%+.6f", off.toNanos() / 1e9));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
