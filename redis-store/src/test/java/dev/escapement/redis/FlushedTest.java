package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.Scheduler;
import dev.escapement.schedule.Schedules;
import dev.escapement.testredis.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody empties the Redis of a scheduler that runs. */
final class FlushedTest {

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void aNodeStartsAnewAndGoesOn() throws Exception {
    LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();
    JobType<String> once = JobType.of("once", String.class);
    try (RedisServer server = RedisServer.start(Map.of());
        RedisStore store = RedisStore.builder(RedisURI.create(server.url())).build();
        Scheduler scheduler =
            Scheduler.builder()
                .store(store)
                .lease(Duration.ofSeconds(3))
                .heartbeat(Duration.ofMillis(500))
                .jobs(
                    Job.of(once, (payload, context) -> ran.add(payload)),
                    Job.recurring(
                        "tick", Schedules.every(Duration.ofSeconds(1)), context -> ran.add("tick")))
                .build()) {
      scheduler.start();
      assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("tick");
      RedisClient other = RedisClient.create(server.url());
      try (var connection = other.connect()) {
        connection.sync().flushall();
        ran.clear();
      } finally {
        other.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
      assertThat(ran.poll(30, TimeUnit.SECONDS)).as("declared again").isEqualTo("tick");
      scheduler.submit(once.with("after"));
      String next = ran.poll(20, TimeUnit.SECONDS);
      while ("tick".equals(next)) {
        next = ran.poll(20, TimeUnit.SECONDS);
      }
      assertThat(next).isEqualTo("after");
      assertThat(scheduler.stats().sessions()).isEqualTo(2);
    }
  }
}
