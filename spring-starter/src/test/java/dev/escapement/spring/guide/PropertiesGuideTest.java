package dev.escapement.spring.guide;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.spring.EscapementProperties;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the guide's tables of properties to the properties that there are. */
class PropertiesGuideTest {

  static final Path GUIDE = root().resolve("docs/guide/spring.md");

  private static final Pattern TABLE = Pattern.compile("(?m)^\\| property \\|(.*\\n)+?\\n");

  /** The first cell of a row. */
  private static final Pattern NAMED = Pattern.compile("(?m)^\\| `(escapement\\.[^`]+)` \\|");

  @Test
  void everyPropertyStandsInATable() throws IOException {
    String guide = Files.readString(GUIDE);
    List<String> named =
        TABLE
            .matcher(guide)
            .results()
            .flatMap(table -> NAMED.matcher(table.group()).results())
            .map(row -> row.group(1).replaceAll("<\\w+>", "*").replaceAll("\\[\\d]", "[*]"))
            .toList();

    assertThat(named)
        .hasSizeGreaterThan(40)
        .containsExactlyInAnyOrderElementsOf(
            names("escapement", EscapementProperties.class).toList());
  }

  private static Stream<String> names(String prefix, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        return names(prefix + ".*", arguments[1]);
      }
      boolean listed = arguments[0] instanceof Class<?> element && element.isRecord();
      return listed ? names(prefix + "[*]", arguments[0]) : Stream.of(prefix);
    }
    RecordComponent[] components = ((Class<?>) type).getRecordComponents();
    return components == null
        ? Stream.of(prefix)
        : Arrays.stream(components)
            .flatMap(
                component ->
                    names(prefix + "." + kebab(component.getName()), component.getGenericType()));
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = requireNonNull(folder.getParent(), "the root of the repository");
    }
    return folder;
  }
}
