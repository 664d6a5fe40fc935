package dev.escapement.redis.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobType;
import dev.escapement.NoTransactionsException;
import dev.escapement.Scheduler;
import dev.escapement.SchedulerClient;
import dev.escapement.redis.RedisStore;
import dev.escapement.testredis.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the guide to Redis shows and says. */
final class RedisSnippetsTest {

  record Invoice(String to) {}

  static final JobType<Invoice> SEND_INVOICE = JobType.of("send-invoice", Invoice.class);

  private static final class Mailer {
    final LinkedBlockingQueue<String> sent = new LinkedBlockingQueue<>();

    void send(Invoice invoice, JobContext context) {
      sent.add(invoice.to());
    }
  }

  private final RedisServer server = RedisServer.start(Map.of());
  private final String url = server.url();
  private final Mailer mailer = new Mailer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theStoreRunsJobs() throws Exception {
    // snippet: redis-store
    RedisStore store =
        RedisStore.builder(RedisURI.create(url)) // redis://, rediss:// for TLS, redis-sentinel://
            .prefix("shop") // what all keys begin with
            .history(50_000) // executions kept at most
            .build();
    Scheduler scheduler =
        Scheduler.builder().store(store).jobs(Job.of(SEND_INVOICE, mailer::send)).build();
    // end
    try (store;
        scheduler) {
      scheduler.start();
      Scheduler.builder()
          .store(store)
          .client()
          .submit(SEND_INVOICE.with(new Invoice("ada@example.org")));
      assertThat(mailer.sent.poll(20, TimeUnit.SECONDS)).isEqualTo("ada@example.org");
    }
  }

  @Test
  void aRowCanBeLookedAt() {
    try (RedisStore store = RedisStore.builder(RedisURI.create(url)).prefix("shop").build()) {
      var client = Scheduler.builder().store(store).client();
      var id = client.submit(SEND_INVOICE.with(new Invoice("ada"))).id();
      String row =
          eval(
              "return cjson.encode(cmsgpack.unpack(redis.call('GET', KEYS[1])))", "{shop}:t:" + id);
      assertThat(row).contains("\"job\":\"send-invoice\"", "\"state\":\"SCHEDULED\"");
    }
  }

  private String eval(String script, String key) {
    RedisClient client = RedisClient.create(url);
    try (var connection = client.connect()) {
      return connection.sync().eval(script, ScriptOutputType.VALUE, key);
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }
  }

  @Test
  void aUserWithTheRightsThatItNamesIsEnough() throws Exception {
    String rights = "~{shop}:* resetchannels &{shop}:* +@all -@admin -@dangerous +info";
    try (RedisServer strict = RedisServer.start(Map.of("user", "shop on >secret " + rights))) {
      runs(strict.url().replace("redis://", "redis://shop:secret@"));
    }
  }

  private void runs(String withUser) throws InterruptedException {
    try (RedisStore store = RedisStore.builder(RedisURI.create(withUser)).prefix("shop").build();
        Scheduler scheduler =
            Scheduler.builder().store(store).jobs(Job.of(SEND_INVOICE, mailer::send)).build()) {
      scheduler.start();
      scheduler.submit(SEND_INVOICE.with(new Invoice("grace")));
      assertThat(mailer.sent.poll(20, TimeUnit.SECONDS)).isEqualTo("grace");
    }
  }

  @Test
  void aJobInATransactionIsRefused() {
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError("Nobody uses it.");
                });
    try (RedisStore store = RedisStore.at(url)) {
      SchedulerClient client = Scheduler.builder().store(store).client();
      assertThatThrownBy(() -> client.using(connection))
          .isInstanceOf(NoTransactionsException.class)
          .hasMessageContaining("redis://");
    }
  }
}
