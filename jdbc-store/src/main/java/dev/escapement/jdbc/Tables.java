package dev.escapement.jdbc;

import dev.escapement.InvalidDeclarationException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the tables are called. All SQL is written with the default prefix and without a schema;
 * {@link #in} puts the names in. Schema and prefix are identifiers, so nothing needs quoting.
 *
 * @param schema the schema; null for wherever the connection's search path leads
 * @param prefix what each table's name begins with
 */
record Tables(@Nullable String schema, String prefix) {

  static final String DEFAULT_PREFIX = "escapement_";

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,30}");
  private static final Pattern NAME =
      Pattern.compile("\\b(DROP INDEX |RENAME TO )?escapement_(\\w+)");
  private static final Pattern TABLE =
      Pattern.compile(
          "trigger|job|declaration|node|handler|execution|checkpoint|queue|control|schema"
              + "|execution_(first|default|from_\\w*)");

  /**
   * Returns the name.
   *
   * @throws InvalidDeclarationException if it isn't an identifier
   */
  static String identifier(String what, String name) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new InvalidDeclarationException(
          "The "
              + what
              + " "
              + printable(name)
              + " isn't an identifier: it must begin with a letter or an underscore, go on with"
              + " those or digits, and have at most 31 characters.");
    }
    return name;
  }

  private static String printable(String name) {
    return '"' + name.replaceAll("[^\\x20-\\x7E]", "?").replaceAll("(?<=.{60}).+", "...") + '"';
  }

  /**
   * The statement or script with these names. An index takes the prefix, but the schema only where
   * it is dropped: elsewhere it is wherever its table is. A new name never takes the schema.
   */
  String in(String sql) {
    return NAME.matcher(sql)
        .replaceAll(
            found -> {
              String before = Objects.requireNonNullElse(found.group(1), "");
              String rest = found.group(2);
              boolean qualifies =
                  before.startsWith("DROP") || (before.isEmpty() && TABLE.matcher(rest).matches());
              return Matcher.quoteReplacement(before + (qualifies ? qualified() : prefix) + rest);
            });
  }

  /** The prefix, after the schema if there is one. */
  String qualified() {
    return schema == null ? prefix : schema + "." + prefix;
  }
}
