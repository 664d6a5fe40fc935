package dev.escapement.speed.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** How much of the processors was used. */
final class Processor {

  /** Clock ticks a second, as Linux reports them to programs on every machine. */
  private static final double TICKS = 100;

  private static final Path PROCESSES = Path.of("/proc");

  private Processor() {}

  /** Seconds that this JVM has used. */
  static double ofThisJvm() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  /**
   * Seconds that a process, its children and those of them that have ended have used; empty where
   * the machine doesn't say, which is anywhere but on Linux.
   */
  static OptionalDouble of(long process) {
    if (!Files.isReadable(PROCESSES.resolve("self/stat"))) {
      return OptionalDouble.empty();
    }
    Stream<Long> children =
        ProcessHandle.of(process).stream()
            .flatMap(ProcessHandle::descendants)
            .map(ProcessHandle::pid);
    return OptionalDouble.of(
        Stream.concat(Stream.of(process), children).mapToDouble(Processor::used).sum());
  }

  private static double used(long process) {
    try {
      String text = Files.readString(PROCESSES.resolve(process + "/stat"));
      // The name, in parentheses, may hold anything; what follows are numbers.
      List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
      return fields.subList(11, 15).stream().mapToLong(Long::parseLong).sum() / TICKS;
    } catch (NoSuchFileException e) {
      return 0; // It has just ended; its parent knows of it.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
