package dev.escapement.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.IntegerFieldValue;
import com.cronutils.parser.CronParser;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What an expression means, from the tree that cron-utils parses it into. Only the tree is used:
 * its own evaluation misses wrap-around ranges, lists with {@code L} and {@code W}, and more.
 */
final class CronTree {

  private static final CronParser UNIX = new CronParser(definition(CronDialect.UNIX));
  private static final CronParser QUARTZ = new CronParser(definition(CronDialect.QUARTZ));
  private static final CronParser SPRING = new CronParser(definition(CronDialect.SPRING));

  private final CronText text;
  private final CronDialect dialect;
  private final com.cronutils.model.Cron tree;

  private CronTree(CronText text) {
    this.text = text;
    this.dialect = text.dialect();
    this.tree = parse(text);
  }

  /** Ranges may wrap around, and 7 stays 7: what they mean is decided here, not there. */
  private static CronDefinition definition(CronDialect dialect) {
    CronDefinitionBuilder builder = CronDefinitionBuilder.defineCron();
    if (dialect == CronDialect.UNIX) {
      return builder
          .withMinutes()
          .withValidRange(0, 59)
          .and()
          .withHours()
          .withValidRange(0, 23)
          .and()
          .withDayOfMonth()
          .withValidRange(1, 31)
          .and()
          .withMonth()
          .withValidRange(1, 12)
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .and()
          .instance();
    }
    boolean quartz = dialect == CronDialect.QUARTZ;
    builder
        .withSeconds()
        .withValidRange(0, 59)
        .and()
        .withMinutes()
        .withValidRange(0, 59)
        .and()
        .withHours()
        .withValidRange(0, 23)
        .and()
        .withDayOfMonth()
        .withValidRange(1, 31)
        .supportsL()
        .supportsW()
        .supportsLW()
        .supportsQuestionMark()
        .and()
        .withMonth()
        .withValidRange(1, 12)
        .and()
        .withDayOfWeek()
        .withValidRange(quartz ? 1 : 0, 7)
        .withMondayDoWValue(quartz ? 2 : 1)
        .supportsHash()
        .supportsL()
        .supportsQuestionMark()
        .and();
    return quartz
        ? builder.withYear().withValidRange(1970, 2099).optional().and().instance()
        : builder.instance();
  }

  /**
   * @throws dev.escapement.InvalidDeclarationException if it can't be read
   */
  static com.cronutils.model.Cron parse(CronText text) {
    String checked = CronGrammar.checked(text);
    try {
      return parser(text.dialect()).parse(checked);
    } catch (IllegalArgumentException e) {
      throw text.refused("can't be read: " + e.getMessage());
    }
  }

  private static CronParser parser(CronDialect dialect) {
    return switch (dialect) {
      case UNIX -> UNIX;
      case QUARTZ -> QUARTZ;
      case SPRING -> SPRING;
    };
  }

  /**
   * @throws dev.escapement.InvalidDeclarationException if it can't be read
   */
  static CronMeaning meaning(CronText text) {
    CronTree tree = new CronTree(text);
    return new CronMeaning(
        new LocalCalendar(
            tree.times(), tree.days(), (int) tree.bits(CronField.MONTH), tree.years()),
        tree.isFixed(CronField.MINUTE) && tree.isFixed(CronField.HOUR));
  }

  private TimeGrid times() {
    long seconds = dialect == CronDialect.UNIX ? 1 : bits(CronField.SECOND);
    return new TimeGrid(bits(CronField.HOUR), bits(CronField.MINUTE), seconds);
  }

  private CronDays days() {
    return new CronDays(monthDays(), weekDays(), isEither(text));
  }

  /** Whether a day must be in one of the day fields only: in Unix, where both are restricted. */
  static boolean isEither(CronText text) {
    return text.dialect() == CronDialect.UNIX
        && !text.field(CronField.DAY_OF_MONTH).startsWith("*")
        && !text.field(CronField.DAY_OF_WEEK).startsWith("*");
  }

  private MonthDays monthDays() {
    int plain = 0;
    int beforeLast = 0;
    int nearest = 0;
    boolean lastWeekday = false;
    for (FieldExpression item : items(expression(CronField.DAY_OF_MONTH))) {
      if (item instanceof On on) {
        int day = number(on.getTime());
        switch (on.getSpecialChar().getValue()) {
          case L -> beforeLast |= 1 << Math.max(0, number(on.getNth()));
          case W -> nearest |= 1 << day;
          case LW -> lastWeekday = true;
          default -> plain |= 1 << day;
        }
      } else {
        plain |= (int) bits(CronField.DAY_OF_MONTH, item);
      }
    }
    return new MonthDays(plain, beforeLast, nearest, lastWeekday);
  }

  private WeekDays weekDays() {
    int plain = 0;
    int last = 0;
    long nth = 0;
    for (FieldExpression item : items(expression(CronField.DAY_OF_WEEK))) {
      if (item instanceof On on) {
        int day = weekday(number(on.getTime()));
        switch (on.getSpecialChar().getValue()) {
          case L -> last |= 1 << day;
          case HASH -> nth |= 1L << (8 * number(on.getNth()) + day);
          default -> plain |= 1 << day;
        }
      } else {
        plain |= (int) bits(CronField.DAY_OF_WEEK, item);
      }
    }
    return new WeekDays(plain, last, nth);
  }

  /** From 1 (Monday) to 7 (Sunday). */
  private int weekday(int number) {
    int fromSunday = dialect == CronDialect.QUARTZ ? number - 1 : number;
    return fromSunday % 7 == 0 ? 7 : fromSunday % 7;
  }

  private @Nullable BitSet years() {
    if (text.field(CronField.YEAR).equals("*")) {
      return null;
    }
    BitSet years = new BitSet();
    for (FieldExpression item : items(expression(CronField.YEAR))) {
      values(CronField.YEAR, item, years::set);
    }
    return years;
  }

  /** Single values and lists of them name times; everything else names a rhythm. */
  private boolean isFixed(CronField field) {
    return items(expression(field)).stream().allMatch(On.class::isInstance);
  }

  private long bits(CronField field) {
    return bits(field, expression(field));
  }

  private long bits(CronField field, FieldExpression expression) {
    long[] bits = {0};
    for (FieldExpression item : items(expression)) {
      values(field, item, value -> bits[0] |= 1L << value);
    }
    return bits[0];
  }

  private FieldExpression expression(CronField field) {
    CronFieldName name = CronFieldName.valueOf(field.name());
    return Objects.requireNonNull(tree.retrieveFieldsAsMap().get(name)).getExpression();
  }

  private static List<FieldExpression> items(FieldExpression expression) {
    return expression instanceof And list ? list.getExpressions() : List.of(expression);
  }

  private void values(CronField field, FieldExpression item, IntConsumer sink) {
    if (item instanceof Every every) {
      range(field, every.getExpression(), number(every.getPeriod()), true, sink);
    } else {
      range(field, item, 1, false, sink);
    }
  }

  private void range(
      CronField field, FieldExpression item, int step, boolean open, IntConsumer sink) {
    int first = field.first(dialect);
    int last = field.most();
    if (item instanceof Between between) {
      first = number(between.getFrom());
      last = number(between.getTo());
    } else if (item instanceof On on) {
      first = number(on.getTime());
      last = open ? last : first;
    } else if (!(item instanceof Always || item instanceof QuestionMark)) {
      throw text.refused(field, "has a form that isn't known; write values, ranges and steps.");
    }
    int end = last < first ? last + field.size() : last;
    for (int value = first; value <= end; value += step) {
      sink.accept(wrapped(field, value));
    }
  }

  /** What lies beyond the last value goes on with the first. */
  private int wrapped(CronField field, int value) {
    if (field == CronField.DAY_OF_WEEK) {
      return weekday(value);
    }
    return value > field.most() ? value - field.size() : value;
  }

  private static int number(FieldValue<?> value) {
    return ((IntegerFieldValue) value).getValue();
  }
}
