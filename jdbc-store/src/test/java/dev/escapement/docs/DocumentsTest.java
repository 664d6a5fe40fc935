package dev.escapement.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the documents to the code: each block of Java or of properties is a snippet that is run,
 * each link leads on.
 */
class DocumentsTest {

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:<!-- snippet: ([\\w-]+) -->\\n)?```(?:java|properties)\\n(.*?)```", Pattern.DOTALL);

  /** What is to be replaced, in the words of another library. */
  private static final Pattern BEFORE = Pattern.compile("```\\w+ before\\n");

  private static final Pattern REGION =
      Pattern.compile(
          "( *)(?://|#) snippet: ([\\w-]+)\\n(.*?)\\n *(?://|#) end\\n", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");

  /** Where the snippets are run: by tests, or by applications that tests start. */
  private static final List<String> SOURCES =
      List.of(
          "jdbc-store/src/test/java/dev/escapement/docs",
          "redis-store/src/test/java/dev/escapement/redis/guide",
          "spring-starter/src/test/java/dev/escapement/spring/guide",
          "spring-starter/src/test/java/dev/escapement/spring/migration",
          "spring-starter/src/test/resources");

  static final Path ROOT = root();

  @TestFactory
  Stream<DynamicTest> everyBlockIsASnippetThatIsRun() throws IOException {
    Map<String, String> snippets = snippets();
    return documents().stream()
        .flatMap(
            document ->
                BLOCK
                    .matcher(text(document))
                    .results()
                    .map(
                        block ->
                            DynamicTest.dynamicTest(
                                ROOT.relativize(document) + ": " + block.group(1),
                                () ->
                                    assertThat(block.group(2).strip())
                                        .isEqualTo(snippets.get(block.group(1))))));
  }

  @Test
  void onlyMigrationPagesShowWhatIsToBeReplaced() throws IOException {
    assertThat(documents())
        .filteredOn(document -> BEFORE.matcher(text(document)).find())
        .isNotEmpty()
        .allSatisfy(document -> assertThat(document).hasParentRaw(ROOT.resolve("docs/migration")));
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : documents()) {
      Matcher link = LINK.matcher(text(document));
      while (link.find()) {
        assertThat(document.resolveSibling(link.group(1))).as("linked from " + document).exists();
      }
    }
  }

  private static Map<String, String> snippets() throws IOException {
    Map<String, String> snippets = new HashMap<>();
    for (String folder : SOURCES) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().matches(".*\\.(java|properties)"))
            .flatMap(file -> REGION.matcher(text(file)).results())
            .forEach(
                region ->
                    assertThat(
                            snippets.put(
                                region.group(2), dedented(region.group(3), region.group(1))))
                        .as("another snippet of the name " + region.group(2))
                        .isNull());
      }
    }
    return snippets;
  }

  private static String dedented(String code, String indentation) {
    return code.lines()
        .map(line -> line.startsWith(indentation) ? line.substring(indentation.length()) : line)
        .reduce("", (all, line) -> all + "\n" + line)
        .strip();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("target"))
          .sorted()
          .toList();
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = requireNonNull(folder.getParent(), "the root of the repository");
    }
    return folder;
  }
}
