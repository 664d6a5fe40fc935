package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Outcome;
import dev.escapement.TriggerFilter;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.SessionId;
import dev.escapement.store.StoreException;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.TriggerPlace;
import dev.escapement.store.TriggerRecord;
import dev.escapement.store.UnknownCommitException;
import dev.escapement.store.Wakeups;
import dev.escapement.testredis.RedisServer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Redis can do to a store, and what the store makes of it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class RedisFaultsTest {

  private static final String ROOT = "{escapement}:";

  private static final NodeLoad LOAD = new NodeLoad(1, 0);

  private final RedisServer server = RedisServer.start(Map.of("lua-time-limit", "100"));
  private final RedisClient other = RedisClient.create(server.url());
  private final StatefulRedisConnection<String, String> connection = other.connect();
  private final RedisCommands<String, String> redis = connection.sync();
  private final RedisStore store =
      RedisStore.builder(RedisURI.create(server.url())).timeout(Duration.ofSeconds(1)).build();

  @AfterEach
  void close() {
    store.close();
    connection.close();
    other.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    server.close();
  }

  private void enqueue(NewTrigger... triggers) {
    store.triggers().enqueue(List.of(triggers));
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start().waitFor();
  }

  @Test
  void scriptsThatAreFlushedAreLoadedAgain() {
    enqueue(Trigger.now());
    redis.scriptFlush();
    enqueue(Trigger.now());
    assertThat(Trigger.claim(store, Trigger.session(store), 10).claims()).hasSize(2);
  }

  @Test
  void withoutMemoryNothingIsEnqueuedAndWhatIsThereIsDone() {
    NewTrigger first = Trigger.now();
    enqueue(first);
    SessionId session = Trigger.session(store);
    redis.configSet("maxmemory", "1");
    List<NewTrigger> more = Stream.generate(Trigger::now).limit(50).toList();
    assertThatThrownBy(() -> store.triggers().enqueue(more))
        .isInstanceOf(TransientStoreException.class)
        .hasMessageContaining("OOM")
        .hasMessageContaining("maxmemory");
    assertThat(store.sessions().beat(session, LOAD)).as("what is there goes on").isTrue();
    List<Claim> claims = Trigger.claim(store, session, 100).claims();
    assertThat(claims)
        .singleElement()
        .satisfies(claim -> assertThat(claim.guard().id()).isEqualTo(first.id()));
    assertThat(store.claims().complete(List.of(Trigger.success(claims.get(0)))).written())
        .containsExactly(first.id());
    assertThat(store.jobs().pause(Trigger.JOB, true)).as("people can decide").isTrue();
    assertThat(store.queues().pause("later", true)).isTrue();
    redis.configSet("maxmemory", "0");
    assertThat(store.triggers().count(TriggerFilter.all(), 100)).isZero();
  }

  @Test
  void aKeyOfAnotherTypeUnderOurPrefixIsNamed() {
    redis.set(ROOT + "control", "somebody else's");
    assertThatThrownBy(() -> Trigger.session(store))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(TransientStoreException.class)
        .hasMessageContaining("WRONGTYPE")
        .hasMessageContaining("give the store a prefix that nobody else uses");
  }

  @Test
  void anotherScriptThatRunsForTooLongIsWaitedOut() throws Exception {
    enqueue(Trigger.now());
    try (StatefulRedisConnection<String, String> endless = other.connect()) {
      var loop = endless.async().eval("while true do end", ScriptOutputType.STATUS);
      awaitBusy();
      assertThatThrownBy(store::now)
          .isInstanceOf(TransientStoreException.class)
          .hasMessageContaining("BUSY");
      redis.scriptKill();
      assertThatThrownBy(() -> loop.get(5, TimeUnit.SECONDS))
          .hasMessageContaining("Script killed by user");
    }
    assertThat(store.now()).isNotNull();
  }

  private void awaitBusy() {
    while (true) {
      try {
        redis.ping();
      } catch (RedisCommandExecutionException e) {
        return;
      }
    }
  }

  @Test
  void aServerThatDoesNotAnswerLeavesAWriteUnknownAndAReadUndone() throws Exception {
    enqueue(Trigger.now());
    signal("STOP");
    assertThatThrownBy(() -> enqueue(Trigger.now())).isInstanceOf(UnknownCommitException.class);
    assertThatThrownBy(store::now).isInstanceOf(TransientStoreException.class);
    signal("CONT");
    assertThat(store.now()).isNotNull();
  }

  /** Lettuce would send it again by itself. */
  @Test
  void whatWasUnderWayWhenTheConnectionBrokeIsNotSentAgain() throws Exception {
    SessionId session = Trigger.session(store);
    try (RedisStore patient =
        RedisStore.builder(RedisURI.create(server.url())).timeout(Duration.ofSeconds(20)).build()) {
      patient.now();
      client("PAUSE", "30000", "WRITE");
      CompletableFuture<Boolean> beat =
          CompletableFuture.supplyAsync(() -> patient.sessions().beat(session, LOAD));
      await(() -> redis.clientList().lines().anyMatch(line -> line.contains("flags=b")));
      redis.clientKill(KillArgs.Builder.typeNormal().skipme());
      assertThatThrownBy(() -> beat.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnknownCommitException.class);
      client("UNPAUSE");
      patient.now();
    }
    assertThat(store.sessions().all().get(0).beat()).isZero();
  }

  private void client(String... words) {
    CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
    for (String word : words) {
      args.add(word);
    }
    redis.dispatch(CommandType.CLIENT, new StatusOutput<>(StringCodec.UTF8), args);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void aThreadThatIsInterruptedTakesTheConnectionFromNobody() throws Exception {
    store.open();
    List<CompletableFuture<Integer>> others =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          for (int i = 0; i < 300; i++) {
                            store.now();
                          }
                          return 300;
                        }))
            .limit(4)
            .toList();
    for (int i = 0; i < 50; i++) {
      Thread.currentThread().interrupt();
      try {
        store.now();
      } catch (TransientStoreException interrupted) {
        assertThat(interrupted).hasMessageContaining("nterrupted");
      }
      assertThat(Thread.interrupted()).as("the interrupt stays").isTrue();
    }
    for (CompletableFuture<Integer> each : others) {
      assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(300);
    }
    assertThat(redis.clientList().lines().filter(line -> line.contains("cmd=evalsha"))).hasSize(1);
  }

  @Test
  void aMasterThatWasDemotedIsLeftAndFoundAgain() {
    enqueue(Trigger.now());
    try (RedisServer next = RedisServer.start(Map.of())) {
      redis.replicaof("127.0.0.1", next.port());
      assertThatThrownBy(() -> enqueue(Trigger.now()))
          .isInstanceOf(TransientStoreException.class)
          .hasMessageContaining("READONLY");
      long before = connections();
      assertThatThrownBy(() -> enqueue(Trigger.now())).isInstanceOf(TransientStoreException.class);
      assertThat(connections()).as("another connection is tried").isGreaterThan(before);
      redis.replicaofNoOne();
    }
    enqueue(Trigger.now());
  }

  private long connections() {
    return redis
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereThereIsNoRightToListenConnectionsDoNotPileUp() throws Exception {
    redis.dispatch(
        CommandType.ACL,
        new StatusOutput<>(StringCodec.UTF8),
        new CommandArgs<>(StringCodec.UTF8)
            .add("SETUSER")
            .add("deaf")
            .add("on")
            .add(">secret")
            .add("~*")
            .add("resetchannels")
            .add("+@all"));
    RedisURI deaf = RedisURI.create("redis://deaf:secret@127.0.0.1:" + server.port());
    try (RedisStore store = RedisStore.builder(deaf).build()) {
      store.open();
      Wakeups.Subscription listening = store.wakeups().listen(() -> {});
      long start = connections();
      await(() -> connections() >= start + 2);
      assertThat(redis.clientList().lines().filter(line -> line.contains("user=deaf")))
          .as("one to work with, and one that is being tried at most")
          .hasSizeLessThanOrEqualTo(2);
      listening.close();
    }
  }

  @Test
  void aKeyOfAnotherTypeStopsAnEndBeforeAnythingIsWritten() {
    SessionId session = Trigger.session(store);
    enqueue(Trigger.now(), Trigger.now());
    List<Claim> claims = Trigger.claim(store, session, 2).claims();
    redis.set(ROOT + "history:job:job", "somebody else's");
    assertThatThrownBy(
            () -> store.claims().complete(claims.stream().map(Trigger::success).toList()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("history:job:job");
    assertThat(store.claims().running(session, 10)).hasSize(2);
    assertThat(redis.exists(ROOT + "history")).isZero();
    redis.del(ROOT + "history:job:job");
    assertThat(store.claims().complete(claims.stream().map(Trigger::success).toList()).written())
        .hasSize(2);
  }

  @Test
  void anEndThatIsRefusedForEverKeepsNoOtherFromBeingWritten() {
    SessionId session = Trigger.session(store);
    enqueue(Stream.generate(Trigger::now).limit(150).toArray(NewTrigger[]::new));
    List<Claim> claims = Trigger.claim(store, session, 150).claims();
    redis.del(ROOT + "t:" + claims.get(120).guard().id());
    redis.lpush(ROOT + "t:" + claims.get(120).guard().id(), "somebody else's");
    List<Completion> all = claims.stream().map(Trigger::success).toList();

    Ended ended = store.claims().complete(all);

    assertThat(ended.written()).hasSize(100);
    assertThat(ended.busy()).hasSize(50).doesNotContainAnyElementsOf(ended.written());
    assertThatThrownBy(() -> store.claims().completeInTurn(all.get(120)))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(UnknownCommitException.class);
    for (int i = 100; i < 150; i++) {
      if (i != 120) {
        assertThat(store.claims().completeInTurn(all.get(i)).written()).hasSize(1);
      }
    }
  }

  @Test
  void triggersOfOtherJobsAreSteppedOverHoweverMany() {
    SessionId session = Trigger.session(store);
    List<NewTrigger> foreign =
        Stream.generate(() -> Trigger.of("somebody-else's")).limit(1_000).toList();
    for (int i = 0; i < 12; i++) {
      store.triggers().enqueue(foreign.stream().map(any -> Trigger.of("somebody-else's")).toList());
    }
    enqueue(Trigger.now());
    assertThat(Trigger.claim(store, session, 1).claims()).hasSize(1);
    assertThat(store.holds().strangers(Set.of("default"), Set.of(Trigger.JOB), 10))
        .containsExactly("somebody-else's");
    assertThat(store.holds().park("somebody-else's", 500)).isEqualTo(500);
  }

  @Test
  void manyThatAreDueAtOneInstantAreListedInPages() {
    for (int i = 0; i < 5; i++) {
      store.triggers().enqueue(Stream.generate(Trigger::now).limit(1_000).toList());
    }
    Set<TriggerId> seen = new HashSet<>();
    TriggerPlace after = null;
    List<TriggerRecord> page;
    do {
      page = store.triggers().list(TriggerFilter.all(), after, 700);
      page.forEach(row -> assertThat(seen.add(row.id())).isTrue());
      if (!page.isEmpty()) {
        TriggerRecord last = page.get(page.size() - 1);
        after = new TriggerPlace(last.due(), last.id());
      }
    } while (!page.isEmpty());
    assertThat(seen).hasSize(5_000);
    redis.configResetstat();
    assertThat(store.triggers().count(TriggerFilter.all().state(TriggerState.PAUSED), 10)).isZero();
    assertThat(redis.info("commandstats"))
        .as("each is looked at once")
        .containsPattern("cmdstat_get:calls=5000,");
  }

  @Test
  void aRestartKeepsWhatWasAppended() {
    NewTrigger trigger = Trigger.now();
    enqueue(trigger);
    server.stop(RedisServer.Stop.ORDERLY);
    assertThatThrownBy(store::now).isInstanceOf(TransientStoreException.class);
    server.start();
    assertThat(store.triggers().find(trigger.id())).isPresent();
  }

  @Test
  void aClaimThatWasLostIsNotMadeAgainAtTheSameVersion() {
    SessionId session = Trigger.session(store);
    enqueue(Trigger.now());
    redis.save();
    Claim lost = Trigger.claim(store, session, 1).claims().get(0);
    redis.dispatch(
        CommandType.DEBUG,
        new StatusOutput<>(StringCodec.UTF8),
        new CommandArgs<>(StringCodec.UTF8).add("RELOAD").add("NOSAVE"));

    Claim second = Trigger.claim(store, session, 1).claims().get(0);
    assertThat(second.guard().id()).isEqualTo(lost.guard().id());
    assertThat(second.guard().version()).isGreaterThan(lost.guard().version());
    assertThat(store.claims().complete(List.of(Trigger.success(lost))).written()).isEmpty();
    assertThat(store.claims().complete(List.of(Trigger.success(second))).written()).hasSize(1);
  }

  @Test
  void aRowThatWasEvictedIsNeitherClaimedNorMadeAgain() {
    SessionId session = Trigger.session(store);
    NewTrigger evicted = Trigger.now();
    NewTrigger kept = Trigger.now();
    enqueue(evicted, kept);
    redis.del(ROOT + "t:" + evicted.id());
    assertThat(Trigger.claim(store, session, 10).claims())
        .extracting(claim -> claim.guard().id())
        .containsExactly(kept.id());
    assertThat(redis.exists(ROOT + "t:" + evicted.id())).isZero();
    assertThat(redis.exists(ROOT + "lane:NORMAL\ndefault\njob")).isZero();
  }

  @Test
  void theEndOfARowThatWasEvictedChangesNothing() {
    SessionId session = Trigger.session(store);
    enqueue(Trigger.now());
    Claim claim = Trigger.claim(store, session, 1).claims().get(0);
    redis.del(ROOT + "t:" + claim.guard().id());
    assertThat(store.claims().complete(List.of(Trigger.success(claim))).written()).isEmpty();
    assertThat(redis.exists(ROOT + "t:" + claim.guard().id())).isZero();
    assertThat(store.history().of(claim.guard().id())).isEmpty();
    assertThat(store.claims().running(session, 10)).isEmpty();
  }

  @Test
  void afterAnEndNothingOfATriggerIsLeftButItsHistory() {
    SessionId session = Trigger.session(store);
    enqueue(Trigger.now());
    Claim claim = Trigger.claim(store, session, 1).claims().get(0);
    store.claims().complete(List.of(Trigger.success(claim)));
    assertThat(store.history().of(claim.guard().id()))
        .singleElement()
        .satisfies(execution -> assertThat(execution.outcome()).isEqualTo(Outcome.SUCCEEDED));
    assertThat(redis.keys("*"))
        .allMatch(
            key ->
                key.startsWith(ROOT + "history")
                    || key.startsWith(ROOT + "x:")
                    || Stream.of(
                            "control",
                            "sessions",
                            "jobs",
                            "j:job",
                            "names",
                            "live",
                            "owners",
                            "s:" + session,
                            "knows:" + session)
                        .anyMatch(known -> key.equals(ROOT + known)));
  }

  @Test
  void theHistoryKeepsToItsBound() throws IOException {
    try (RedisStore small = RedisStore.builder(RedisURI.create(server.url())).history(10).build()) {
      SessionId session = Trigger.session(small);
      small.triggers().enqueue(Stream.generate(Trigger::now).limit(150).toList());
      List<Claim> claims = Trigger.claim(small, session, 150).claims();
      assertThat(claims).hasSize(150);
      assertThat(small.claims().complete(claims.stream().map(Trigger::success).toList()).written())
          .hasSize(150);
      assertThat(redis.zcard(ROOT + "history")).isBetween(10L, 110L);
      for (int i = 0; i < 60; i++) {
        enqueue(Trigger.now());
        Claim one = Trigger.claim(small, session, 1).claims().get(0);
        small.claims().complete(List.of(Trigger.success(one)));
      }
      assertThat(redis.zcard(ROOT + "history")).isEqualTo(10);
      assertThat(redis.keys(ROOT + "x:*")).hasSize(10);
    }
  }
}
