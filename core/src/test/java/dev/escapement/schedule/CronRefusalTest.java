package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.InvalidDeclarationException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What isn't a cron expression, and what the error says about it. */
class CronRefusalTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // Values
        "UNIX; 61 * * * *; field 1 (minute), \"61\", has \"61\"; write 0 to 59.",
        "UNIX; * 24 * * *; field 2 (hour), \"24\", has \"24\"; write 0 to 23.",
        "UNIX; * * 0 * *; field 3 (day of month), \"0\", has \"0\"; write 1 to 31.",
        "UNIX; * * * 13 *; field 4 (month), \"13\", has \"13\"; write 1 to 12 or JAN to DEC.",
        "UNIX; * * * * 8; field 5 (day of week), \"8\", has \"8\"; write 0 to 7 or SUN to SAT.",
        "QUARTZ; 0 0 0 ? * 0; has \"0\"; write 1 to 7 or SUN to SAT.",
        "QUARTZ; 0 0 0 ? * 8; has \"8\"; write 1 to 7 or SUN to SAT.",
        "QUARTZ; 0 0 0 1 1 ? 1969; field 7 (year), \"1969\", has \"1969\"; write 1970 to 2099.",
        "QUARTZ; 0 0 0 1 1 ? 2100; write 1970 to 2099.",
        "QUARTZ; 0 0 0 1 1 ? 2030-2020; has a range that ends before it begins; swap the years.",
        "SPRING; 60 * * * * *; field 1 (second), \"60\", has \"60\"; write 0 to 59.",
        "SPRING; 0 0 0 * * SUNDAY; has \"SUNDAY\"; write 0 to 7 or SUN to SAT.",
        "SPRING; 0 0 0 * MONTUE *; field 5 (month), \"MONTUE\"",
        "SPRING; 0 0 0 * * SUN-SUN; write SUN for the day, * for the week.",
        "UNIX; 99999999999 * * * *; has \"99999999999\"; write 0 to 59.",
        "UNIX; JAN * * * *; has \"JAN\"; write 0 to 59.",
        "UNIX; 1-99 * * * *; field 1 (minute), \"1-99\", has \"99\"; write 0 to 59.",
        // Steps
        "UNIX; */0 * * * *; has the step \"0\"; write 1 to 59",
        "UNIX; */60 * * * *; has the step \"60\"; write 1 to 59, a longer one never takes a second",
        "UNIX; 0 */24 * * *; has the step \"24\"; write 1 to 23",
        "UNIX; */MON * * * *; has the step \"MON\"; write 1 to 59",
        "UNIX; 1-5/2/3 * * * *; has \"1-5/2/3\", which isn't a value, a range or a step.",
        "UNIX; */ * * * *; has \"*/\", which isn't a value, a range or a step.",
        "UNIX; /5 * * * *; has \"/5\", which isn't a value, a range or a step.",
        // Ranges and lists
        "UNIX; 1-2-3 * * * *; has \"1-2-3\", which isn't a value, a range or a step.",
        "UNIX; -5 * * * *; has \"-5\", which isn't a value, a range or a step.",
        "UNIX; 5- * * * *; has \"5-\", which isn't a value, a range or a step.",
        "UNIX; *-5 * * * *; has a range that begins with *; write its first value.",
        "UNIX; 1,,2 * * * *; field 1 (minute), \"1,,2\", has a comma too many; remove it.",
        "UNIX; ,1 * * * *; has a comma too many; remove it.",
        "UNIX; 1, * * * *; has a comma too many; remove it.",
        "UNIX; ** * * * *; has \"**\", which isn't a value, a range or a step.",
        // What a dialect doesn't have
        "UNIX; 0 0 L * *; has L, which Unix cron doesn't have; use Quartz or Spring.",
        "UNIX; 0 0 15W * *; has 15W, which Unix cron doesn't have; use Quartz or Spring.",
        "UNIX; 0 0 * * 5L; has 5L, which Unix cron doesn't have; use Quartz or Spring.",
        "UNIX; 0 0 * * MON#2; has MON#2, which Unix cron doesn't have; use Quartz or Spring.",
        "UNIX; 0 0 ? * *; has a ?, which Unix cron doesn't have; write *.",
        "QUARTZ; ? 0 0 * * ?; field 1 (second), \"?\", has a ?, which stands only alone, in a day",
        "SPRING; 0 0 0 ?,1 * *; field 4 (day of month), \"?,1\", has a ?, which stands only alone",
        // L, W and #
        "QUARTZ; 0 0 0 1W2 * ?; has \"1W2\"; write 1 to 31.",
        "QUARTZ; 0 0 0 W * ?; has \"W\"; write 1 to 31.",
        "QUARTZ; 0 0 0 32W * ?; has \"32\"; write 1 to 31.",
        "QUARTZ; 0 0 0 15-20W * ?; has \"20W\"; write 1 to 31.",
        "QUARTZ; 0 0 0 5L * ?; field 4 (day of month), \"5L\", has \"5L\"; write 1 to 31.",
        "QUARTZ; 0 0 0 L-3W * ?; has L-3W, which isn't supported; write LW, or L-3.",
        "SPRING; 0 0 0 L-3W * *; has L-3W, which isn't supported; write LW, or L-3.",
        "SPRING; 0 0 0 L-0 * *; has L-0; write L for the last day, or L-1 to L-30.",
        "SPRING; 0 0 0 L-31 * *; has L-31; write L for the last day, or L-1 to L-30.",
        "SPRING; 0 0 0 * * L; has L without a day; name the day, like FRIL, or write SAT.",
        "QUARTZ; 0 0 0 ? * L,MON; has L without a day; name the day, like FRIL, or write SAT.",
        "QUARTZ; 0 0 0 ? * 8L; has \"8\"; write 1 to 7 or SUN to SAT.",
        "QUARTZ; 0 0 0 ? * MON#6; has MON#6; the number after # is 1 to 5.",
        "QUARTZ; 0 0 0 ? * MON#0; has MON#0; the number after # is 1 to 5.",
        "QUARTZ; 0 0 0 ? * MON#; has MON#; the number after # is 1 to 5.",
        "QUARTZ; 0 0 0 ? * 6#3#2; has \"6#3#2\", which isn't a value, a range or a step.",
        "QUARTZ; 0 0 0 ? * #2; has \"#2\", which isn't a value, a range or a step.",
        // Both day fields
        "QUARTZ; 0 0 0 1 * MON; field 4 (day of month), \"1\", and field 6 (day of week), \"MON\","
            + " are both given, and Quartz takes only one; write ? for the other.",
        "QUARTZ; 0 0 0 * * *; are both given, and Quartz takes only one; write ? for the other.",
        "QUARTZ; 0 0 0 ? * ?; are both ?; write * for one of them.",
        // Macros
        "UNIX; @reboot; means the start of a machine, which a cluster doesn't have; name a time.",
        "SPRING; @reboot; means the start of a machine",
        "UNIX; @fortnightly; isn't a macro; there are @annually, @daily, @hourly",
        "UNIX; @daily 5; isn't a macro",
        "QUARTZ; @daily; is a macro, which Quartz doesn't have; write 0 0 0 * * ?.",
        "QUARTZ; @weekly; is a macro, which Quartz doesn't have; write 0 0 0 ? * SUN.",
        // How many fields
        "UNIX; * * * *; has 4 fields; Unix takes 5: minute, hour, day of month, month, day of"
            + " week.",
        "UNIX; *; has 1 field; Unix takes 5",
        "SPRING; * * * * *; has 5 fields; Spring takes 6: second, minute,",
        "QUARTZ; 0 0 0 1 1 ? 2030 1; has 8 fields; Quartz takes 6 or 7: second, minute,",
        // Never
        "UNIX; 0 0 30 2 *; never fires: field 3 (day of month), \"30\", and field 4 (month), \"2\","
            + " name no day together",
        "UNIX; 0 0 31 4,6,9,11 *; never fires",
        "QUARTZ; 0 0 0 30W 2 ?; never fires",
        "QUARTZ; 0 0 0 L-30 2 ?; never fires",
        "QUARTZ; 0 0 0 29 2 ? 2027; never fires: field 4 (day of month), \"29\", and field 5"
            + " (month), \"2\", and field 7 (year), \"2027\", name no day together; change one.",
        "SPRING; 0 0 0 1-7 * MON#3; never fires: field 4 (day of month), \"1-7\", and field 6 (day"
            + " of week), \"MON#3\", name",
      })
  void refuses(CronDialect dialect, String expression, String message) {
    assertThatThrownBy(() -> Cron.of(dialect, expression))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageStartingWith(
            "The " + dialect.title() + " cron expression \"" + expression + "\" ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatNoDialectHas() {
    assertRefused("", "is empty; write five fields");
    assertRefused(" \t ", "is empty; write five fields");
    assertRefused("0 0 * * 1 || 0 0 * * 2", "U+007C at position 11; there is no \"or\"");
    assertRefused("0|12 0 * * *", "U+007C at position 2; there is no \"or\" of expressions, make");
    assertRefused("0 0 *\n* *", "has the character U+000A at position 6; remove it.");
    assertRefused("0 0 * * \u0000*", "U+0000");
    assertRefused("٥ * * * *", "U+0665");
    assertRefused("+5 * * * *", "U+002B");
    assertRefused("0 2 * * *; zone Europe/Zurich", "U+003B");
    assertRefused("* * * *", "has 4 fields; Unix takes 5, Spring takes 6, Quartz takes 6 or 7.");
    assertRefused("1,".repeat(250) + "1 * * * *", "has 509 characters; at most 500 are allowed.");
    assertRefused(
        "0 0 0 1 * 99", "neither Quartz nor Spring takes them. The Quartz cron expression");
  }

  private static void assertRefused(String expression, String message) {
    assertThatThrownBy(() -> Cron.of(expression))
        .isInstanceOf(InvalidDeclarationException.class)
        .hasMessageStartingWith("The cron expression \"")
        .hasMessageContaining(message);
  }

  /** Random text is read or refused by name, and never comes out as another exception. */
  @Test
  void neverThrowsAnythingElse() {
    String alphabet = "0123456789*/,-?LW#@ MONFRIJA";
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int field = 0; field < 5 + i % 3; field++) {
        // Every other field is sound, so that the rest is got to, and some are sound as a whole.
        int length = random.nextBoolean() ? 0 : 1 + random.nextInt(random.nextInt(4) + 1);
        text.append(length == 0 ? "*" : "");
        for (int c = 0; c < length; c++) {
          text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        text.append(' ');
      }
      try {
        Cron.of(text.toString());
        read++;
      } catch (InvalidDeclarationException e) {
        assertThat(e).as("seed " + seed).hasMessageContaining("cron expression \"");
      }
    }
    assertThat(read).as("seed " + seed).isPositive();
  }
}
