package dev.escapement.schedule;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import com.cronutils.model.field.CronField;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.SpecialChar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A cron expression in words, which are those of cron-utils where they are right. */
final class CronWords {

  /** Asked for another one it would answer in the language of the JVM. */
  private static final Set<String> LANGUAGES =
      Set.of(
          "de", "el", "en", "es", "fr", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sw",
          "tr", "zh");

  private CronWords() {}

  /** Empty if cron-utils would describe something else than the expression means. */
  static Optional<String> describe(CronText text, Locale locale) {
    String language = LANGUAGES.contains(locale.getLanguage()) ? locale.getLanguage() : "en";
    Cron tree = CronTree.parse(text);
    if (CronTree.isEither(text) || !isTimeDescribed(tree) || !areFieldsDescribed(tree, language)) {
      return Optional.empty();
    }
    try {
      CronDescriptor descriptor = CronDescriptor.instance(Locale.forLanguageTag(language));
      return Optional.of(descriptor.describe(tree));
    } catch (MissingResourceException e) {
      // Some languages don't have all the words.
      return Optional.empty();
    }
  }

  /** Seconds that aren't zero get lost beside some minutes and hours. */
  private static boolean isTimeDescribed(Cron tree) {
    Map<CronFieldName, CronField> fields = tree.retrieveFieldsAsMap();
    CronField second = fields.get(CronFieldName.SECOND);
    if (second == null || second.getExpression().asString().equals("0")) {
      return true;
    }
    List<FieldExpression> coarser =
        Stream.of(CronFieldName.MINUTE, CronFieldName.HOUR)
            .map(name -> Objects.requireNonNull(fields.get(name)).getExpression())
            .toList();
    return second.getExpression() instanceof On
        ? coarser.stream().allMatch(On.class::isInstance)
        : isEvery(second.getExpression()) && coarser.stream().allMatch(Always.class::isInstance);
  }

  private static boolean isEvery(FieldExpression field) {
    return field instanceof Always
        || (field instanceof Every every && every.getExpression() instanceof Always);
  }

  private static boolean areFieldsDescribed(Cron tree, String language) {
    return tree.retrieveFieldsAsMap().entrySet().stream()
        .allMatch(field -> isDescribed(field.getKey(), field.getValue().getExpression(), language));
  }

  /** Where a step begins gets lost, and what a list has beside single values. */
  private static boolean isDescribed(CronFieldName name, FieldExpression field, String language) {
    if (field instanceof And list) {
      return list.getExpressions().stream().allMatch(CronWords::isValue);
    }
    if (field instanceof Every every) {
      return isEvery(field) && isEven(name, every);
    }
    return !(field instanceof On on) || isDescribed(on.getSpecialChar().getValue(), language);
  }

  /**
   * "Every 45 minutes" is not what fires at 0 and 45; and months and days divide nothing evenly.
   */
  private static boolean isEven(CronFieldName name, Every every) {
    int step = every.getPeriod().getValue();
    return switch (name) {
      case SECOND, MINUTE -> 60 % step == 0;
      case HOUR -> 24 % step == 0;
      default -> false;
    };
  }

  /** The Chinese for the last weekday speaks of the last week; other languages of weekends. */
  private static boolean isDescribed(SpecialChar special, String language) {
    return switch (language) {
      case "en" -> true;
      case "zh" -> special != SpecialChar.LW;
      default -> special == SpecialChar.NONE || special == SpecialChar.QUESTION_MARK;
    };
  }

  private static boolean isValue(FieldExpression item) {
    return item instanceof On on && on.getSpecialChar().getValue() == SpecialChar.NONE;
  }
}
