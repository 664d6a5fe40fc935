package dev.escapement.pieces;

import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** When a schedule fires next, asked about instants all over ten years. */
public class NextFire extends Piece {

  private static final int INSTANTS = 1 << 10;
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SPAN = Duration.ofDays(3650);

  /** The schedule, as {@link Schedules#parse} reads it. */
  @Param({
    "every 5m",
    "daily 02:00,14:00; zone Europe/Zurich",
    "cron unix: * * * * *",
    "cron unix: 0 2 * * MON-FRI; zone Europe/Zurich",
    "cron quartz: 0 0 2 L * ?",
    "cron unix: 0 0 29 2 *",
    "every 5m; from 2027-01-01T00:00:00Z",
    "every 5m; jitter 30s",
    "every 5m; except 2026-12-25,2026-12-26",
    "cron unix: 0 2 * * MON-FRI; zone Europe/Zurich; except 2026-12-25,2026-12-26; jitter 30s"
  })
  public String text = "";

  private final Instant[] instants = new Instant[INSTANTS];
  private Schedule schedule = Schedules.disabled();
  private int asked;

  /** The same instants in every run. */
  @Setup
  public void prepare() {
    schedule = Schedules.parse(text);
    Random random = new Random(7);
    for (int i = 0; i < INSTANTS; i++) {
      instants[i] = FROM.plusMillis((long) (random.nextDouble() * SPAN.toMillis()));
    }
  }

  /** One question for the next fire. */
  @Benchmark
  public Optional<Instant> next() {
    return schedule.next(instant());
  }

  /** The same, and how much later it is due: what the end of a standing trigger's run asks. */
  @Benchmark
  public Instant nextDue() {
    Instant next = schedule.next(instant()).orElseThrow();
    return next.plus(schedule.delay(next, "invoices\ncustomer-4711"));
  }

  private Instant instant() {
    return instants[asked++ & (INSTANTS - 1)];
  }
}
