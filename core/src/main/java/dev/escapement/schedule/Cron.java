package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * By a cron expression. Immutable and thread-safe; equal if dialect, expression and zone are equal.
 *
 * <p>Values, lists, ranges, steps and names are those of the {@linkplain CronDialect dialect}. A
 * range that ends before it begins wraps around: {@code NOV-FEB}, {@code 22-4}, {@code FRI-MON}. A
 * month without a named day is left away: {@code 31W} doesn't fire in April.
 *
 * <p>When a clock is turned, it matters whether the expression names times or a rhythm:
 *
 * <ul>
 *   <li>If minute and hour are single values or lists of them, each local time fires once a day. A
 *       local time that is skipped fires at the first instant after the gap, together with others
 *       that are skipped; one that is repeated fires at its first pass.
 *   <li>If minute or hour has a {@code *}, a range or a step, it fires in each real interval:
 *       skipped local times don't fire, repeated ones fire twice.
 * </ul>
 *
 * <p>No fire is sought after the year 9999, nor further than 400 years ahead.
 */
public final class Cron extends ZonedSchedule {

  private static final int UNIX_FIELDS = 5;
  private static final int SHARED_FIELDS = 6;
  private static final int QUARTZ_FIELDS = 7;

  private final CronText text;
  private final CronMeaning meaning;

  private Cron(CronText text, CronMeaning meaning, ZoneId zone) {
    super(meaning.calendar(), zone, meaning.fixed());
    this.text = text;
    this.meaning = meaning;
  }

  /**
   * A Unix expression of five fields, like {@code 0 2 * * *}, or a macro, like {@code @daily}.
   *
   * @throws InvalidDeclarationException if it can't be read, or never fires
   */
  public static Cron unix(String expression) {
    return of(CronDialect.UNIX, expression);
  }

  /**
   * A Quartz expression of six or seven fields, like {@code 0 0 2 * * ?}.
   *
   * @throws InvalidDeclarationException if it can't be read, or never fires
   */
  public static Cron quartz(String expression) {
    return of(CronDialect.QUARTZ, expression);
  }

  /**
   * A Spring expression of six fields, like {@code 0 0 2 * * *}, or a macro, like {@code @daily}.
   *
   * @throws InvalidDeclarationException if it can't be read, or never fires
   */
  public static Cron spring(String expression) {
    return of(CronDialect.SPRING, expression);
  }

  /**
   * An expression in the given dialect, in UTC.
   *
   * @throws InvalidDeclarationException if it can't be read, or never fires
   */
  public static Cron of(CronDialect dialect, String expression) {
    CronText text = CronText.of(dialect, expression);
    CronMeaning meaning = CronTree.meaning(text);
    if (meaning.calendar().atOrAfter(0) == LocalCalendar.NONE) {
      throw text.refused("never fires: " + atFault(text) + " name no day together; change one.");
    }
    return new Cron(text, meaning, ZoneOffset.UTC);
  }

  private static String atFault(CronText text) {
    return Stream.of(CronField.DAY_OF_MONTH, CronField.MONTH, CronField.DAY_OF_WEEK, CronField.YEAR)
        .filter(field -> !List.of("*", "?").contains(text.field(field)))
        .map(text::naming)
        .collect(Collectors.joining(" and "));
  }

  /**
   * An expression whose dialect is told from its form, in UTC. Five fields or a macro are Unix,
   * seven are Quartz. Six fields can be Quartz or Spring; where both read them, they must mean the
   * same.
   *
   * @throws InvalidDeclarationException if it can't be read, never fires, or if Quartz and Spring
   *     read it differently
   */
  public static Cron of(String expression) {
    return byForm(expression, Cron::quartzOrSpring);
  }

  /**
   * The same, but expressions of six fields are of the given dialect.
   *
   * @throws InvalidDeclarationException if it can't be read, or never fires
   */
  public static Cron of(String expression, CronDialect sixFields) {
    return byForm(expression, six -> of(sixFields, six));
  }

  private static Cron byForm(String expression, Function<String, Cron> sixFields) {
    int fields = CronText.countFields(expression);
    return switch (fields) {
      case 0, UNIX_FIELDS -> unix(expression);
      case SHARED_FIELDS -> sixFields.apply(expression);
      case QUARTZ_FIELDS -> quartz(expression);
      default ->
          throw CronText.refused(
              "cron",
              expression,
              "has "
                  + fields
                  + (fields == 1 ? " field" : " fields")
                  + "; Unix takes 5, Spring takes 6, Quartz takes 6 or 7.");
    };
  }

  private static Cron quartzOrSpring(String expression) {
    Attempt quartz = Attempt.at(CronDialect.QUARTZ, expression);
    Attempt spring = Attempt.at(CronDialect.SPRING, expression);
    if (quartz.cron != null && spring.cron != null) {
      if (!quartz.cron.meaning.equals(spring.cron.meaning)) {
        throw ambiguous(spring.cron.text);
      }
      return quartz.cron;
    }
    if (quartz.cron != null) {
      return quartz.cron;
    }
    if (spring.cron != null) {
      return spring.cron;
    }
    throw CronText.refused(
        "cron",
        expression,
        "has 6 fields, and neither Quartz nor Spring takes them. "
            + quartz.fault
            + " "
            + spring.fault);
  }

  private static InvalidDeclarationException ambiguous(CronText text) {
    return CronText.refused(
        "cron",
        text.expression(),
        "has 6 fields and means other days in Quartz, where 1 is Sunday, than in Spring, where 1 is"
            + " Monday; write "
            + text.naming(CronField.DAY_OF_WEEK)
            + " with the names of days, like MON-FRI, or say the dialect: Cron.quartz or"
            + " Cron.spring, in a text \"cron quartz: …\" or \"cron spring: …\".");
  }

  /** An expression read in one dialect, or why it can't be. */
  private record Attempt(@Nullable Cron cron, String fault) {

    static Attempt at(CronDialect dialect, String expression) {
      try {
        return new Attempt(of(dialect, expression), "");
      } catch (InvalidDeclarationException e) {
        return new Attempt(null, String.valueOf(e.getMessage()));
      }
    }
  }

  /** The same expression in the local times of another zone. Default UTC. */
  public Cron zone(ZoneId zone) {
    return new Cron(text, meaning, zone);
  }

  /** Whose rules it follows. */
  public CronDialect dialect() {
    return text.dialect();
  }

  /** The expression, in upper case and with single spaces; a macro in lower case. */
  public String expression() {
    return text.expression();
  }

  @Override
  public Optional<String> text() {
    String dialect = dialect().name().toLowerCase(Locale.ROOT);
    return Optional.of("cron " + dialect + ": " + expression() + zoneText());
  }

  /**
   * In words, in any language that cron-utils has, otherwise in English. Where its words would be
   * wrong, the expression itself is named.
   */
  @Override
  public String describe(Locale locale) {
    Words words = Words.in(locale);
    return CronWords.describe(text, locale).orElseGet(() -> words.by(dialect(), expression()))
        + words.in(zone());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron that
        && dialect() == that.dialect()
        && expression().equals(that.expression())
        && zone().equals(that.zone());
  }

  @Override
  public int hashCode() {
    return 31 * expression().hashCode() + zone().hashCode();
  }
}
