package dev.escapement.engine;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.schedule.Cron;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A country changes its clocks, and not every replica has heard of it. */
class TimeZoneDataTest {

  private static final String ZONE = "Escapement/Moving";
  private static final ZoneOffset OLD = ZoneOffset.ofHours(2);
  private static final ZoneOffset NEW = ZoneOffset.ofHours(3);
  private static final Instant NOON = HandClock.NOON;

  /** What the node that is on its turn believes. */
  private static volatile ZoneOffset believed = OLD;

  private final Cluster cluster = new Cluster(NOON);
  private final List<Instant> fires = Collections.synchronizedList(new ArrayList<>());

  /** Of one zone, whose rules are asked for each time. */
  private static final class Moving extends ZoneRulesProvider {

    @Override
    protected Set<String> provideZoneIds() {
      return Set.of(ZONE);
    }

    @Override
    protected @Nullable ZoneRules provideRules(String zone, boolean forCaching) {
      return forCaching ? null : ZoneRules.of(believed);
    }

    @Override
    protected NavigableMap<String, ZoneRules> provideVersions(String zone) {
      return new TreeMap<>();
    }
  }

  @BeforeAll
  static void register() {
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(ZONE)) {
      ZoneRulesProvider.registerProvider(new Moving());
    }
  }

  @AfterEach
  void close() {
    believed = OLD;
    cluster.close();
  }

  @SuppressWarnings("InvalidZoneId") // It is this test's own.
  private Bench join(String name, ZoneOffset belief) {
    believed = belief;
    Cron daily = Cron.unix("0 16 * * *").zone(ZoneId.of(ZONE));
    return cluster.join(
        name, Job.recurring("daily", daily, context -> fires.add(context.fireTime())));
  }

  private void turn(Bench node, ZoneOffset belief) throws Exception {
    believed = belief;
    node.heart.turn();
    node.audit.turn();
    node.poller.turn();
    node.work();
    node.completer.turn();
  }

  @Test
  void theStoredInstantCountsAndNobodyReckonsItAnew() throws Exception {
    Bench old = join("old", OLD);
    assertThat(cluster.standing("daily").due()).isEqualTo(NOON.plus(ofHours(2)));
    Bench fresh = join("fresh", NEW);
    long version = cluster.standing("daily").version();
    for (int look = 0; look < 20; look++) {
      cluster.clock.pass(ofSeconds(10));
      turn(old, OLD);
      turn(fresh, NEW);
    }
    assertThat(cluster.standing("daily").version()).as("nobody flips it").isEqualTo(version);
    assertThat(fires).isEmpty();

    cluster.clock.pass(ofHours(2));
    turn(fresh, NEW);
    turn(old, OLD);

    assertThat(fires).containsExactly(NOON.plus(ofHours(2)));
    assertThat(cluster.standing("daily").due())
        .as("whoever ends a run reckons the next fire")
        .isEqualTo(NOON.plus(ofHours(25)));
    cluster.clock.pass(ofHours(22).plus(ofMinutes(40)));
    turn(old, OLD);
    turn(fresh, NEW);
    assertThat(fires).hasSize(1);
  }
}
