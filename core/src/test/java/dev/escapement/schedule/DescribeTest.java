package dev.escapement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules in words. */
class DescribeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every 5m | every 5 minutes | 每 5 分钟",
        "every 1h | every hour | 每 1 小时",
        "every 1h30m | every 1 hour, 30 minutes | 每 1 小时 30 分钟",
        "every 250ms | every 250 milliseconds | 每 250 毫秒",
        "every PT0.0015S | every 1 millisecond, 500 microseconds | 每 1 毫秒 500 微秒",
        "fixed delay 30s | 30 seconds after each completion | 每次完成后 30 秒",
        "- | never | 从不",
        "daily 02:00 | every day at 02:00 (UTC) | 每天 02:00（UTC）",
        "daily 02:00,14:00:30; zone Asia/Tokyo | every day at 02:00 and 14:00:30 (Asia/Tokyo)"
            + " | 每天 02:00、14:00:30（Asia/Tokyo）",
        "weekly MON-WED 09:00 | every Monday, Tuesday and Wednesday at 09:00 (UTC)"
            + " | 每周一、周二、周三 09:00（UTC）",
        "cron: 0 2 * * *; zone Europe/Zurich | at 02:00 (Europe/Zurich) | 在 02:00（Europe/Zurich）",
        "cron: */15 * * * * | every 15 minutes (UTC) | 每 15 分钟（UTC）",
        "cron: 0 2 * * MON-FRI | at 02:00 every day between Monday and Friday (UTC)"
            + " | 在 02:00 每 天 在星期一和星期五之间（UTC）",
        "cron quartz: 0 0 2 ? * 2 | at 02:00 at Monday day (UTC) | 在 02:00 在 星期一 天（UTC）",
        "cron quartz: 0 0 2 L-3 * ? | at 02:00 3 days before the last day of the month (UTC)"
            + " | 在 02:00 该月最后一天的前3天（UTC）",
        "every 5m; from 2026-01-01T00:00:00Z; until 2027-01-01T00:00:00Z"
            + " | every 5 minutes, from 2026-01-01T00:00:00Z, until 2027-01-01T00:00:00Z"
            + " | 每 5 分钟，从 2026-01-01T00:00:00Z 起，到 2027-01-01T00:00:00Z 止",
        "every 5m; except 2026-12-25,2026-12-26; jitter 30s"
            + " | every 5 minutes, except on 2026-12-25 and 2026-12-26, delayed by up to 30 seconds"
            + " | 每 5 分钟，2026-12-25、2026-12-26 除外，最多推迟 30 秒",
      })
  void speaksEnglishAndChinese(String text, String english, String chinese) {
    Schedule schedule = Schedules.parse(text);
    assertThat(schedule.describe(Locale.US)).isEqualTo(english);
    assertThat(schedule.describe(Locale.SIMPLIFIED_CHINESE)).isEqualTo(chinese);
  }

  /** cron-utils would leave away a part of each, or say something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "unix: 5/15 * * * *",
        "unix: 1-30/5 * * * *",
        "unix: 0 0 13 * 5",
        "unix: 0 0 * * */2",
        "unix: 1,*/5 * * * *",
        "quartz: 0 0 0 1,L * ?",
        "quartz: 3 5 */2 * * ?",
        "quartz: 3 */5 * * * ?",
        "quartz: * * 3 * * ?",
        "quartz: */5 0 3 * * ?",
        "spring: 3 1-5 0 * * *"
      })
  void namesTheExpressionWhereTheWordsWouldBeWrong(String cron) {
    String dialect = cron.substring(0, cron.indexOf(':'));
    String title = CronDialect.valueOf(dialect.toUpperCase(Locale.ROOT)).title();
    String expression = cron.substring(cron.indexOf(' ') + 1);
    Schedule schedule = Schedules.parse("cron " + cron);
    assertThat(schedule.describe(Locale.ENGLISH))
        .isEqualTo("by the " + title + " cron expression " + expression + " (UTC)");
    assertThat(schedule.describe(Locale.CHINESE))
        .isEqualTo("按 " + title + " cron 表达式 " + expression + "（UTC）");
  }

  /** The last weekday, which cron-utils calls the last week in Chinese. */
  @Test
  void theLastWeekdayIsWrongInChineseOnly() {
    Cron cron = Cron.quartz("0 0 0 LW * ?");
    assertThat(cron.describe(Locale.ENGLISH)).isEqualTo("at 00:00 last weekday of month (UTC)");
    assertThat(cron.describe(Locale.CHINESE)).isEqualTo("按 Quartz cron 表达式 0 0 0 LW * ?（UTC）");
  }

  @Test
  void cronIsDescribedInOtherLanguagesToo() {
    assertThat(Cron.unix("0 2 * * *").describe(Locale.GERMANY)).isEqualTo("um 02:00 (UTC)");
    assertThat(Cron.unix("*/5 * * * *").describe(Locale.ITALY)).startsWith("ogni 5 minuti");
  }

  @Test
  void aLanguageThatIsNotThereIsEnglishWhateverTheJvmSpeaks() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.CHINA);
    try {
      assertThat(Cron.unix("*/5 * * * *").describe(Locale.forLanguageTag("fi")))
          .isEqualTo("every 5 minutes (UTC)");
      assertThat(Cron.unix("*/5 * * * *").describe(Locale.ENGLISH))
          .isEqualTo("every 5 minutes (UTC)");
    } finally {
      Locale.setDefault(before);
    }
  }
}
