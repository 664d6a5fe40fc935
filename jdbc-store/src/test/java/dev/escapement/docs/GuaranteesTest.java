package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the page about what is promised to the tests that it names. */
class GuaranteesTest {

  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))`");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|(.*)\\|$");

  private final String page = DocumentsTest.text(DocumentsTest.ROOT.resolve("docs/guarantees.md"));

  private static Set<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(DocumentsTest.ROOT)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    List<String> named = TEST.matcher(page).results().map(test -> test.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(80);
    assertThat(sources()).containsAll(named);
  }

  @Test
  void everyRowHasItsNumberAndItsTest() {
    List<MatchResult> rows = ROW.matcher(page).results().toList();
    assertThat(rows)
        .extracting(row -> Integer.parseInt(row.group(1)))
        .isEqualTo(IntStream.rangeClosed(1, rows.size()).boxed().toList());
    assertThat(rows)
        .hasSizeGreaterThan(30)
        .allSatisfy(row -> assertThat(TEST.matcher(row.group(2)).find()).isTrue());
  }
}
