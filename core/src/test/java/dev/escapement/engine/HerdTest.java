package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.store.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HerdTest {

  private static final List<SessionId> EIGHT =
      LongStream.range(0, 8).mapToObj(i -> new SessionId(new UUID(i, ~i))).toList();

  private final Herd herd = new Herd();

  private static Instant instant(int i) {
    return HandClock.NOON.plusMillis(250L * i);
  }

  @Test
  void exactlyOneSessionAsksAtOnceForEachInstant() {
    herd.members(EIGHT);
    for (int i = 0; i < 1_000; i++) {
      Instant due = instant(i);
      List<Duration> delays = EIGHT.stream().map(self -> herd.delay(self, due)).sorted().toList();
      assertThat(delays)
          .isEqualTo(IntStream.range(0, 8).mapToObj(rank -> Duration.ofMillis(3L * rank)).toList());
    }
  }

  @Test
  void theFirstPlaceIsSpreadEvenly() {
    herd.members(EIGHT);
    Map<SessionId, Integer> firsts = new HashMap<>();
    for (int i = 0; i < 8_000; i++) {
      Instant due = instant(i);
      EIGHT.stream()
          .filter(self -> herd.delay(self, due).isZero())
          .forEach(self -> firsts.merge(self, 1, Integer::sum));
    }
    assertThat(firsts)
        .hasSize(8)
        .allSatisfy((self, times) -> assertThat(times).isBetween(850, 1150));
  }

  @Test
  void everyNodeRanksAlikeWhateverOrderItSawTheOthersIn() {
    Herd elsewhere = new Herd();
    herd.members(EIGHT);
    elsewhere.members(EIGHT.stream().sorted((a, b) -> b.value().compareTo(a.value())).toList());
    for (int i = 0; i < 100; i++) {
      for (SessionId self : EIGHT) {
        assertThat(elsewhere.delay(self, instant(i))).isEqualTo(herd.delay(self, instant(i)));
      }
    }
  }

  @Test
  void whoLeavesMovesOnlyThoseBehindIt() {
    herd.members(EIGHT);
    Herd without = new Herd();
    without.members(EIGHT.subList(1, 8));
    for (int i = 0; i < 100; i++) {
      Instant due = instant(i);
      for (SessionId self : EIGHT.subList(1, 8)) {
        boolean behind = herd.delay(self, due).compareTo(herd.delay(EIGHT.get(0), due)) > 0;
        Duration step = behind ? Duration.ofMillis(3) : Duration.ZERO;
        assertThat(without.delay(self, due)).isEqualTo(herd.delay(self, due).minus(step));
      }
    }
  }

  @Test
  void oneThatKnowsNoOthersNeverWaits() {
    assertThat(herd.delay(EIGHT.get(0), HandClock.NOON)).isZero();
  }

  @Test
  void inALargeHerdNobodyWaitsForLong() {
    herd.members(IntStream.range(0, 200).mapToObj(i -> SessionId.next()).toList());
    assertThat(herd.delay(SessionId.next(), Instant.MAX))
        .isLessThanOrEqualTo(Duration.ofMillis(30));
  }

  @Test
  void exactlyOneSessionIsFirstForANameAndAllGetTheirShare() {
    herd.members(EIGHT);
    Map<SessionId, Integer> firsts = new HashMap<>();
    for (int i = 0; i < 8_000; i++) {
      String name = "job-" + i;
      List<SessionId> first = EIGHT.stream().filter(self -> herd.isFirst(self, name)).toList();
      assertThat(first).hasSize(1);
      firsts.merge(first.get(0), 1, Integer::sum);
    }
    assertThat(firsts)
        .hasSize(8)
        .allSatisfy((self, times) -> assertThat(times).isBetween(850, 1150));
  }
}
