package dev.escapement.engine;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.policy.JobPolicy.Recurrence;
import dev.escapement.policy.Misfire;
import dev.escapement.policy.Overlap;
import dev.escapement.schedule.Cron;
import dev.escapement.schedule.Schedule;
import dev.escapement.schedule.Schedules;
import dev.escapement.store.Aim;
import dev.escapement.store.Next;
import dev.escapement.store.TriggerRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which fires run, and which are counted: the whole of misfire and overlap, without a clock. */
class FiresTest {

  private static final Instant NOON = HandClock.NOON;
  private static final Schedule SECONDLY = Cron.spring("* * * * * *");
  private static final Schedule HOURLY = Schedules.every(ofHours(1));

  private static Fires fires(Schedule schedule, Misfire misfire, Overlap overlap) {
    return new Fires(schedule, new Recurrence(misfire, overlap, 10), "job", false);
  }

  private static Fires fires(Schedule schedule, Misfire misfire) {
    return fires(schedule, misfire, Overlap.WAIT);
  }

  private static Fires fires(Schedule schedule, Overlap overlap) {
    return fires(schedule, Misfire.fireOnce(), overlap);
  }

  private static Fires.Start start(Fires fires, Instant fireTime, Instant now) {
    return fires.start(fireTime, fires.due(fireTime), now);
  }

  @Nested
  class WhatWasMissed {

    @Test
    void aFireWithinTheThresholdIsOnlyLate() {
      for (Misfire misfire : List.of(Misfire.fireOnce(), Misfire.skip(), Misfire.fireAll())) {
        assertThat(start(fires(SECONDLY, misfire), NOON, NOON.plusSeconds(60)))
            .isEqualTo(new Fires.RunFire(NOON, 0));
      }
    }

    @Test
    void fireOnceRunsTheLatestOfThreeDaysAndCountsTheRest() {
      Instant now = NOON.plus(ofDays(3));
      assertThat(start(fires(SECONDLY, Misfire.fireOnce()), NOON, now))
          .isEqualTo(new Fires.RunFire(now, 259_200));
    }

    @Test
    void fireOnceRunsTheOneFireThatWasMissed() {
      assertThat(start(fires(HOURLY, Misfire.fireOnce()), NOON, NOON.plusSeconds(3_000)))
          .isEqualTo(new Fires.RunFire(NOON, 0));
    }

    @Test
    void skipDropsAllThatIsTooOld() {
      Fires fires = fires(HOURLY, Misfire.skip());
      Instant now = NOON.plus(ofMinutes(150));
      Fires.DropAll dropped = new Fires.DropAll(3, NOON.plus(ofHours(2)));
      assertThat(start(fires, NOON, now)).isEqualTo(dropped);
      Due next = Due.at(NOON.plus(ofHours(3)));
      assertThat(fires.afterDropped(dropped, now)).isEqualTo(new Next.Fire(next, next, 2));
    }

    @Test
    void skipRunsAFireThatIsOnTimeAfterOnesThatWereNot() {
      Instant now = NOON.plus(ofHours(2)).plusSeconds(60);
      assertThat(start(fires(HOURLY, Misfire.skip()), NOON, now))
          .isEqualTo(new Fires.RunFire(NOON.plus(ofHours(2)), 2));
    }

    @Test
    void fireAllRunsEachFromTheOldestOn() {
      Instant now = NOON.plus(ofMinutes(90));
      Fires fires = fires(HOURLY, Misfire.fireAll());
      assertThat(start(fires, NOON, now)).isEqualTo(new Fires.RunFire(NOON, 0));
      Due second = Due.at(NOON.plus(ofHours(1)));
      assertThat(fires.after(NOON, now, now.plusSeconds(1)))
          .as("the next of the backlog, in its own time")
          .isEqualTo(new Next.Fire(second, second, 0));
    }

    @Test
    void fireAllIsCappedAtTheLatest() {
      Instant now = NOON.plus(ofDays(3));
      for (Schedule schedule : List.of(SECONDLY, Schedules.every(ofSeconds(1)))) {
        assertThat(start(fires(schedule, Misfire.fireAll().cappedAt(7)), NOON, now))
            .as(schedule.toString())
            .isEqualTo(new Fires.RunFire(now.minusSeconds(6), 259_194));
      }
    }

    @Test
    void exactlyTheCapIsNotTooMany() {
      Instant now = NOON.plusSeconds(3_600 * 2);
      assertThat(start(fires(HOURLY, Misfire.fireAll().cappedAt(3)), NOON, now))
          .isEqualTo(new Fires.RunFire(NOON, 0));
      assertThat(start(fires(HOURLY, Misfire.fireAll().cappedAt(2)), NOON, now))
          .isEqualTo(new Fires.RunFire(NOON.plus(ofHours(1)), 1));
    }

    @Test
    void jitterIsNoLateness() {
      Schedule schedule = Schedules.every(ofDays(2)).jitter(ofDays(1));
      Fires fires = fires(schedule, Misfire.skip());
      assertThat(fires.due(NOON)).isAfter(NOON.plus(ofMinutes(5)));
      assertThat(start(fires, NOON, fires.due(NOON).plusSeconds(60)))
          .isEqualTo(new Fires.RunFire(NOON, 0));
    }

    /** Where schedules written in code can only be stepped through. */
    @Test
    void aScheduleOfTheApplicationsIsCountedToo() {
      Schedule own = after -> Optional.of(after.plusSeconds(1));
      assertThat(start(fires(own, Misfire.fireAll().cappedAt(2)), NOON, NOON.plusSeconds(100)))
          .isEqualTo(new Fires.RunFire(NOON.plusSeconds(99), 99));
    }

    @Test
    void aFixedDelayIsNeverMoreThanOneFire() {
      Fires fires = fires(Schedules.fixedDelay(ofSeconds(5)), Misfire.fireOnce());
      assertThat(start(fires, NOON, NOON.plus(ofDays(3)))).isEqualTo(new Fires.RunFire(NOON, 0));
      Fires skipping = fires(Schedules.fixedDelay(ofSeconds(5)), Misfire.skip());
      Fires.DropAll dropped = new Fires.DropAll(1, NOON);
      assertThat(start(skipping, NOON, NOON.plus(ofDays(3)))).isEqualTo(dropped);
      assertThat(skipping.afterDropped(dropped, NOON.plus(ofDays(3))))
          .isEqualTo(new Next.Fire(Due.in(ofSeconds(5)), Due.in(ofSeconds(5)), 0));
    }
  }

  @Nested
  class WhatOverlaps {

    @Test
    void waitFiresTheLatestThatPassedAtOnce() {
      Instant ended = NOON.plus(ofMinutes(150));
      assertThat(fires(HOURLY, Overlap.WAIT).after(NOON, NOON, ended))
          .as("due now, so that no misfire policy takes it for late")
          .isEqualTo(new Next.Fire(Due.at(NOON.plus(ofHours(2))), Due.now(), 1));
    }

    @Test
    void waitDoesSoWhateverTheMisfirePolicy() {
      Instant ended = NOON.plus(ofMinutes(150));
      for (Misfire misfire : List.of(Misfire.fireOnce(), Misfire.skip(), Misfire.fireAll())) {
        assertThat(fires(HOURLY, misfire, Overlap.WAIT).after(NOON, NOON, ended))
            .isEqualTo(new Next.Fire(Due.at(NOON.plus(ofHours(2))), Due.now(), 1));
      }
    }

    @Test
    void skipCountsAndGoesOnWithTheNext() {
      Instant ended = NOON.plus(ofMinutes(150));
      Due next = Due.at(NOON.plus(ofHours(3)));
      assertThat(fires(HOURLY, Overlap.SKIP).after(NOON, NOON, ended))
          .isEqualTo(new Next.Fire(next, next, 2));
    }

    @Test
    void aRunThatEndsInTimeOverlapsNothing() {
      Due next = Due.at(NOON.plus(ofHours(1)));
      for (Overlap overlap : Overlap.values()) {
        assertThat(fires(HOURLY, overlap).after(NOON, NOON, NOON.plus(ofMinutes(59))))
            .isEqualTo(new Next.Fire(next, next, 0));
      }
    }

    @Test
    void aClockThatWentBackFiresNothingAgain() {
      Due next = Due.at(NOON.plus(ofHours(1)));
      assertThat(fires(HOURLY, Overlap.WAIT).after(NOON, NOON, NOON.minus(ofHours(1))))
          .isEqualTo(new Next.Fire(next, next, 0));
    }

    /** I5: each fire of an overlapped stretch is run or counted, none twice. */
    @Test
    void nothingIsLostFromTheCount() {
      for (Overlap overlap : List.of(Overlap.WAIT, Overlap.SKIP)) {
        Fires fires = fires(SECONDLY, overlap);
        Instant fireTime = NOON;
        long run = 1;
        long counted = 0;
        Instant now = NOON;
        List<Instant> ran = new ArrayList<>(List.of(fireTime));
        for (int length : List.of(0, 3, 1, 17, 59, 2)) {
          Instant ended = now.plusSeconds(length).plusMillis(500);
          Next.Fire next = fires.after(fireTime, now, ended);
          fireTime = requireNonNull(next.fireTime()).resolve(ended);
          now = fireTime.isAfter(ended) ? fireTime : ended;
          run++;
          counted += next.missed();
          ran.add(fireTime);
        }
        assertThat(ran).doesNotHaveDuplicates().isSorted();
        Instant last = fireTime;
        assertThat(run + counted).isEqualTo(1 + SECONDLY.count(NOON, last));
      }
    }
  }

  @Nested
  class WhenTheScheduleChanges {

    private final Schedule atTwo = Cron.unix("0 2 * * *");
    private final Schedule atThree = Cron.unix("0 3 * * *");

    private TriggerRecord row(Instant lastFire, @Nullable Instant due, int attempt) {
      return Given.standing(lastFire, due, attempt);
    }

    private static Instant at(String time) {
      return Instant.parse("2026-03-01T" + time + ":00Z");
    }

    @Test
    void itCountsFromNowOn() {
      Aim aim =
          fires(atThree, Overlap.WAIT)
              .anew(row(at("02:00"), at("02:00").plus(ofDays(1)), 0), at("12:00"));
      assertThat(aim).as("not today's three o'clock, which wasn't its own").isNotNull();
      assertThat(aim.fireTime()).isEqualTo(at("03:00").plus(ofDays(1)));
    }

    @Test
    void itNeverFiresAgainWhatHasFired() {
      Aim aim =
          fires(atTwo, Overlap.WAIT)
              .anew(row(at("02:00"), at("02:00").plus(ofDays(7)), 0), at("01:30"));
      assertThat(aim).as("though the clock went back").isNotNull();
      assertThat(aim.fireTime()).isEqualTo(at("02:00").plus(ofDays(1)));
    }

    @Test
    void whatIsDueAlreadyIsNotLost() {
      assertThat(
              fires(atThree, Overlap.WAIT)
                  .anew(row(at("02:00").minus(ofDays(1)), at("02:00"), 0), at("02:00")))
          .isNull();
    }

    @Test
    void whatWaitsForARetryIsNotLost() {
      assertThat(
              fires(atThree, Overlap.WAIT)
                  .anew(row(at("02:00").minus(ofDays(1)), at("02:10"), 1), at("02:05")))
          .isNull();
    }

    @Test
    void aFixedRateKeepsStep() {
      Aim aim =
          fires(Schedules.every(ofMinutes(30)), Overlap.WAIT)
              .anew(row(at("10:00"), at("11:00"), 0), at("10:40"));
      assertThat(aim).isEqualTo(new Aim(at("11:00"), at("11:00")));
    }

    @Test
    void aFixedDelayThatHasPassedIsDueNow() {
      Aim aim =
          fires(Schedules.fixedDelay(ofMinutes(5)), Overlap.WAIT)
              .anew(row(at("10:00"), at("11:00"), 0), at("10:40"));
      assertThat(aim).isEqualTo(new Aim(at("10:05"), at("10:40")));
    }

    @Test
    void oneThatWasOffBeginsAnew() {
      Aim aim = fires(atTwo, Overlap.WAIT).anew(row(at("02:00"), null, 0), at("12:00"));
      assertThat(aim).isNotNull();
      assertThat(aim.fireTime()).isEqualTo(at("02:00").plus(ofDays(1)));
    }

    @Test
    void oneThatIsSwitchedOffFiresNoMore() {
      assertThat(
              fires(Schedules.disabled(), Overlap.WAIT)
                  .anew(row(at("02:00"), at("02:00").plus(ofDays(1)), 0), at("12:00")))
          .isEqualTo(Aim.NEVER);
    }
  }

  @Test
  void theSpringGapFiresOnceAndTheAutumnOverlapOnce() {
    Fires fires = fires(Cron.unix("30 2 * * *").zone(ZoneId.of("Europe/Berlin")), Overlap.WAIT);
    Instant before = Instant.parse("2026-03-28T01:30:00Z");
    assertThat(fires.next(before)).isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
    Instant summer = Instant.parse("2026-10-24T00:30:00Z");
    assertThat(fires.next(summer)).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(fires.next(Instant.parse("2026-10-25T00:30:00Z")))
        .isEqualTo(Instant.parse("2026-10-26T01:30:00Z"));
  }
}
