package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The scripts as they lie in the jar. */
final class ScriptTest {

  private static final Set<String> COMMON =
      Set.of("clock", "tables", "transitions", "lanes", "jobs", "history");

  private static List<String> names() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(Script.class.getResource("claim.lua")).toURI())
            .resolveSibling("");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".lua"))
          .map(name -> name.substring(0, name.length() - ".lua".length()))
          .filter(name -> !COMMON.contains(name))
          .toList();
    }
  }

  private static String own(String name) {
    String all = new String(Script.named(name).text(), StandardCharsets.UTF_8);
    return all.substring(all.lastIndexOf("-- KEYS: control"));
  }

  private static String body(String name) {
    return own(name).replaceAll("(?m)^--.*$", "");
  }

  @TestFactory
  Stream<DynamicTest> eachOpensWithItsKeysItsArgumentsAndItsAnswers() throws Exception {
    assertThat(names()).hasSizeGreaterThan(30);
    return names().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      String head =
                          own(name)
                              .lines()
                              .takeWhile(line -> line.startsWith("--"))
                              .collect(Collectors.joining("\n"));
                      assertThat(head).contains("-- include: clock");
                      assertThat(head.contains("-- ARGV:")).isEqualTo(body(name).contains("ARGV"));
                      assertThat(head).containsPattern("(?m)^-- Answers ");
                    }));
  }

  /** What grows with the data may be read a page at a time only. */
  @TestFactory
  Stream<DynamicTest> noneWalksTheKeys() throws Exception {
    return names().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () ->
                        assertThat(new String(Script.named(name).text(), StandardCharsets.UTF_8))
                            .doesNotContain("'KEYS'", "'SCAN'", "'HSCAN'", "'ZSCAN'", "'SSCAN'")));
  }

  @Test
  void oneThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Script.named("nothing")).hasMessageContaining("nothing.lua");
  }
}
