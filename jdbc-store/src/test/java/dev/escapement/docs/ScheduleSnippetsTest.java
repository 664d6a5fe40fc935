package dev.escapement.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Enqueued;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobInUseException;
import dev.escapement.JobType;
import dev.escapement.OnMisfire;
import dev.escapement.Recurrence;
import dev.escapement.Recurring;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.TriggerStatus;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.CronDialect;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The snippets of the guide to schedules; {@link DocumentsTest} holds the guide to them. */
@Timeout(60)
class ScheduleSnippetsTest {

  private static final Instant SUNDAY_NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final ZoneId zurich = ZoneId.of("Europe/Zurich");
  private static final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

  private final AtomicReference<Instant> clock = new AtomicReference<>(SUNDAY_NOON);
  private final Store store = new MemoryStore(clock::get);

  // snippet: schedules-annotated
  static final class Reports {
    @Recurring(name = "daily-report", cron = "0 2 * * MON-FRI", zone = "Europe/Zurich")
    void daily(JobContext context) {
      send("report of " + context.fireTime());
    }

    @Recurring(name = "monthly-report", cron = "0 0 9 LW * ?", dialect = CronDialect.QUARTZ)
    void monthly() {
      send("report of the month");
    }

    @Recurring(
        name = "rates",
        schedule = "weekly MON-FRI 09:00,16:30; zone America/New_York",
        misfire = @OnMisfire(Misfire.Action.SKIP))
    void rates() {
      send("rates");
    }
  }

  // end

  private static void send(String text) {
    sent.add(text);
  }

  @BeforeEach
  void nothingIsSentYet() {
    sent.clear();
  }

  @Test
  void declaresByAnnotation() throws Exception {
    try (Scheduler scheduler = Scheduler.builder().store(store).annotated(new Reports()).start()) {
      assertThat(due(scheduler, "daily-report")).isEqualTo(Instant.parse("2026-03-02T01:00:00Z"));
      assertThat(due(scheduler, "monthly-report")).isEqualTo(Instant.parse("2026-03-31T09:00:00Z"));
      assertThat(due(scheduler, "rates")).isEqualTo(Instant.parse("2026-03-02T14:00:00Z"));

      clock.set(Instant.parse("2026-03-02T01:00:00Z"));
      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo("report of 2026-03-02T01:00:00Z");
    }
  }

  private static Instant due(SchedulerClient client, String job) {
    return client.triggers().findStanding(job).flatMap(TriggerStatus::due).orElseThrow();
  }

  @Test
  void buildsInCode() {
    // snippet: schedules-code
    Schedule often = Schedules.every(Duration.ofMinutes(5));
    Schedule nightly = Schedules.daily(LocalTime.of(2, 0)).zone(zurich);
    Schedule twice = Schedules.weekly(DayOfWeek.MONDAY, LocalTime.of(9, 0), LocalTime.of(18, 0));
    Schedule monthly = Cron.quartz("0 0 9 LW * ?").zone(zurich);
    Schedule configured = Schedules.parse("daily 02:00; zone Europe/Zurich");
    // end

    assertThat(configured).isEqualTo(nightly);
    assertThat(List.of(often, twice, monthly))
        .extracting(schedule -> schedule.text().orElseThrow())
        .containsExactly(
            "every 5m", "weekly MON 09:00,18:00", "cron quartz: 0 0 9 LW * ?; zone Europe/Zurich");
  }

  @Test
  void looksAhead() {
    // snippet: schedules-look
    Schedule schedule = Schedules.parse("weekly MON,FRI 09:00; zone Europe/Zurich");

    schedule.describe(Locale.ENGLISH); // every Monday and Friday at 09:00 (Europe/Zurich)
    schedule.describe(Locale.CHINESE); // 每周一、周五 09:00（Europe/Zurich）
    List<Instant> fires = schedule.fires(Instant.parse("2026-03-01T12:00:00Z"), 10);
    // end

    assertThat(schedule.describe(Locale.ENGLISH))
        .isEqualTo("every Monday and Friday at 09:00 (Europe/Zurich)");
    assertThat(schedule.describe(Locale.CHINESE)).isEqualTo("每周一、周五 09:00（Europe/Zurich）");
    assertThat(fires).hasSize(10).startsWith(Instant.parse("2026-03-02T08:00:00Z"));
  }

  @Test
  void changesAnySchedule() {
    Set<DayOfWeek> weekend = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
    // snippet: schedules-options
    Schedule quarter =
        Schedules.daily(LocalTime.of(2, 0))
            .zone(zurich)
            .from(Instant.parse("2026-03-31T22:00:00Z"))
            .until(Instant.parse("2026-06-30T21:59:59Z"))
            .except(LocalDate.of(2026, 4, 3), LocalDate.of(2026, 4, 6))
            .jitter(Duration.ofSeconds(30));

    Schedule workdays =
        Schedules.every(Duration.ofHours(6)).except(day -> weekend.contains(day.getDayOfWeek()));
    // end

    assertThat(quarter.fires(SUNDAY_NOON, 3))
        .containsExactly(
            Instant.parse("2026-04-01T00:00:00Z"),
            Instant.parse("2026-04-02T00:00:00Z"),
            Instant.parse("2026-04-04T00:00:00Z"));
    assertThat(quarter.fires(SUNDAY_NOON, 1_000)).hasSize(89);
    assertThat(workdays.fires(SUNDAY_NOON, 1))
        .containsExactly(Instant.parse("2026-03-02T00:00:00Z"));
    assertThat(workdays.text()).isEmpty();
  }

  @Test
  void runsWhatWasMissed() throws Exception {
    // snippet: schedules-misfire
    Job<Void> rollUp =
        Job.recurring("roll-up", Schedules.every(Duration.ofHours(1)), context -> rollUp(context))
            .misfire(Misfire.fireAll().cappedAt(24).threshold(Duration.ofMinutes(5)));
    // end

    try (Scheduler scheduler = Scheduler.builder().store(store).jobs(rollUp).start()) {
      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo("2026-03-01T12:00:00Z after 0");
      assertThat(scheduler.stats().missed()).isZero();
    }
    clock.set(SUNDAY_NOON.plus(Duration.ofHours(30)));
    try (Scheduler scheduler = Scheduler.builder().store(store).jobs(rollUp).start()) {
      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo("2026-03-01T19:00:00Z after 6");
      for (int i = 1; i < 24; i++) {
        assertThat(sent.poll(30, TimeUnit.SECONDS)).endsWith(" after 0");
      }
      assertThat(scheduler.stats().missed()).isEqualTo(6);
    }
    assertThat(sent).isEmpty();
  }

  private static void rollUp(JobContext context) {
    send(context.fireTime() + " after " + context.missedFires());
  }

  @Test
  void letsRunsOverlap() {
    // snippet: schedules-overlap
    Job<Void> poll =
        Job.recurring("poll", Schedules.every(Duration.ofSeconds(10)), context -> poll())
            .allowOverlap(3);
    Job<Void> refresh =
        Job.recurring("refresh", Schedules.every(Duration.ofSeconds(10)), context -> refresh())
            .overlap(Overlap.SKIP);
    // end

    assertThat(poll.policy().recurrence().overlap()).isEqualTo(Overlap.ALLOW);
    assertThat(poll.policy().recurrence().atMost()).isEqualTo(3);
    assertThat(refresh.policy().recurrence().overlap()).isEqualTo(Overlap.SKIP);
  }

  private static void poll() {
    send("polled");
  }

  private static void refresh() {
    send("refreshed");
  }

  @Test
  void peopleDecide() throws Exception {
    Job<Void> report = Job.recurring("report", Schedules.parse("daily 02:00"), context -> {});
    try (Scheduler scheduler = Scheduler.builder().store(store).jobs(report).start()) {
      // snippet: schedules-operations
      scheduler.jobs().pause("report");
      scheduler.jobs().resume("report");
      scheduler.jobs().overrideSchedule("report", Schedules.parse("weekly MON 02:00"));
      scheduler.jobs().overrideSchedule("report", Schedules.disabled()); // it doesn't fire
      scheduler.jobs().dropOverride("report"); // back to what the code says
      // end

      assertThat(scheduler.jobs().find("report").orElseThrow())
          .satisfies(job -> assertThat(job.schedule()).contains("daily 02:00"))
          .satisfies(job -> assertThat(job.override()).isEmpty())
          .satisfies(job -> assertThat(job.paused()).isFalse());
      assertThatThrownBy(() -> scheduler.jobs().delete("report"))
          .isInstanceOf(JobInUseException.class);
    }
    SchedulerClient.of(store).jobs().delete("report");
    assertThat(SchedulerClient.of(store).jobs().all()).isEmpty();
  }

  record Tenant(String name, ZoneId zone) {}

  // snippet: schedules-runtime-type
  static final JobType<String> BILL = JobType.of("bill-tenant", String.class);

  // end

  @Test
  void makesTriggersAtRunTime() throws Exception {
    Job<String> bill = Job.of(BILL, (tenant, context) -> send("bill for " + tenant));
    List<Tenant> tenants =
        List.of(new Tenant("ada", zurich), new Tenant("bob", ZoneId.of("Asia/Tokyo")));
    try (Scheduler scheduler = Scheduler.builder().store(store).jobs(bill).start()) {
      // snippet: schedules-runtime
      scheduler.recurring(BILL.with("ada").key("ada"), Schedules.daily(LocalTime.of(2, 0)));

      List<Recurrence> all =
          tenants.stream()
              .map(
                  tenant ->
                      new Recurrence(
                          BILL.with(tenant.name()).key(tenant.name()),
                          Schedules.daily(LocalTime.of(2, 0)).zone(tenant.zone())))
              .toList();
      List<Enqueued> answers = scheduler.recurring(all); // CREATED, CHANGED or KEPT

      scheduler.deleteRecurring(BILL, "ada");
      // end

      assertThat(answers)
          .extracting(Enqueued::result)
          .containsExactly(Enqueued.Result.CHANGED, Enqueued.Result.CREATED);
      assertThat(scheduler.triggers().find("bill-tenant", "ada")).isEmpty();
      clock.set(Instant.parse("2026-03-01T17:00:00Z"));
      assertThat(sent.poll(30, TimeUnit.SECONDS)).isEqualTo("bill for bob");
    }
  }

  // snippet: schedules-own
  /** High water comes again after 12 hours, 25 minutes and 14 seconds. */
  record Tides(Instant highWater) implements Schedule {
    private static final long PERIOD = Duration.ofMinutes(745).plusSeconds(14).toSeconds();

    @Override
    public Optional<Instant> next(Instant after) {
      return Optional.of(tide(number(after) + 1));
    }

    @Override
    public Optional<Instant> latest(Instant fireTime, Instant now) {
      return Optional.of(tide(number(now))).filter(tide -> tide.isAfter(fireTime));
    }

    @Override
    public long count(Instant fireTime, Instant now) {
      return Math.max(0, number(now) - number(fireTime));
    }

    @Override
    public String identity() {
      return "tides from " + highWater;
    }

    /** How many tides there were since the first. */
    private long number(Instant instant) {
      return Math.floorDiv(Duration.between(highWater, instant).toSeconds(), PERIOD);
    }

    private Instant tide(long number) {
      return highWater.plusSeconds(number * PERIOD);
    }
  }

  // end

  @Test
  void writesOneOfItsOwn() {
    Schedule tides = new Tides(SUNDAY_NOON);
    Schedule stepping = after -> tides.next(after);
    Instant later = SUNDAY_NOON.plus(Duration.ofDays(10));

    assertThat(tides.fires(SUNDAY_NOON, 2))
        .containsExactly(
            Instant.parse("2026-03-02T00:25:14Z"), Instant.parse("2026-03-02T12:50:28Z"));
    assertThat(tides.latest(SUNDAY_NOON, later)).isEqualTo(stepping.latest(SUNDAY_NOON, later));
    assertThat(tides.count(SUNDAY_NOON, later)).isEqualTo(stepping.count(SUNDAY_NOON, later));
    assertThat(tides.latest(SUNDAY_NOON, SUNDAY_NOON.plusSeconds(1))).isEmpty();
    Job<Void> job = Job.recurring("sluice", tides, context -> send("open"));
    try (Scheduler scheduler = Scheduler.builder().store(store).jobs(job).start()) {
      assertThat(due(scheduler, "sluice")).isEqualTo(Instant.parse("2026-03-02T00:25:14Z"));
    }
  }
}
