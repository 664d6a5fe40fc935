package dev.escapement.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An application as a process of its own. */
final class Jvm {

  private Jvm() {}

  /** The jars and folders that the tests run with. */
  static String classPath(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(wanted)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What it has printed, when it has ended well. */
  static String run(String classPath, Class<?> main, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", classPath));
    command.addAll(List.of(options));
    command.add(main.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s", printed).isTrue();
      assertThat(process.exitValue()).as("%s", printed).isZero();
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
