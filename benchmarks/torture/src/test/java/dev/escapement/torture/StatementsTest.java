package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.ExecutionFilter;
import dev.escapement.OnConflict;
import dev.escapement.TriggerFilter;
import dev.escapement.store.Amendment;
import dev.escapement.store.Claim;
import dev.escapement.store.NewTrigger;
import dev.escapement.store.Next;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** Each constant matches what the store sends for what it says, and nothing else. */
@Timeout(30)
@TestInstance(Lifecycle.PER_CLASS)
class StatementsTest {

  private static final Map<String, Predicate<String>> CONSTANTS =
      Map.of(
          "CLAIM", Statements.CLAIM,
          "COMPLETE", Statements.COMPLETE,
          "TAKE_OVER", Statements.TAKE_OVER,
          "ENQUEUE", Statements.ENQUEUE,
          "BEAT", Statements.BEAT);

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private PostgresDatabase postgres;
  private Proxy proxy;
  private Node node;

  @BeforeAll
  void start() {
    postgres = new PostgresDatabase(Map.of());
    proxy = Proxy.toPostgres(postgres.port(), new Random(1));
    proxy.loseRequests(
        sql -> {
          sent.add(sql);
          return false;
        },
        1);
    node = Node.at(postgres.url(proxy.port()));
  }

  @AfterAll
  void stop() {
    proxy.close();
    postgres.close();
  }

  @Test
  void eachOperationIsToldApart() {
    Map<String, Set<String>> told = new TreeMap<>();
    told.put("keep", of(node::enqueue));
    told.put("replace", of(() -> enqueue(OnConflict.REPLACE)));
    told.put("reschedule", of(() -> enqueue(OnConflict.RESCHEDULE)));
    List<Claim> claims = new ArrayList<>();
    told.put("claim", of(() -> claims.addAll(node.claim())));
    assertThat(claims).hasSize(2);
    told.put(
        "complete in a transaction",
        of(
            () ->
                node.store()
                    .transactions()
                    .orElseThrow()
                    .run(connection -> Node.endings(claims.subList(0, 1)).get(0))));
    told.put("complete", of(() -> node.complete(claims.subList(1, 2))));
    told.put(
        "take over", of(() -> node.store().claims().takeOver(Node.endings(claims.subList(1, 2)))));
    told.put("beat", of(() -> node.store().sessions().beat(node.session(), new NodeLoad(1, 0))));

    assertThat(told)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "keep", Set.of("ENQUEUE"),
                "replace", Set.of("ENQUEUE"),
                "reschedule", Set.of("ENQUEUE"),
                "claim", Set.of("CLAIM"),
                "complete in a transaction", Set.of("COMPLETE"),
                "complete", Set.of("COMPLETE"),
                "take over", Set.of("TAKE_OVER"),
                "beat", Set.of("BEAT")));
  }

  @Test
  void noOtherOperationIsMeant() {
    NewTrigger trigger = Node.trigger("other", OnConflict.KEEP);
    node.store().triggers().enqueue(List.of(trigger));
    Map<String, Runnable> others = new TreeMap<>();
    var store = node.store();
    others.put("open", store::open);
    others.put("now", store::now);
    others.put("find", () -> store.triggers().find(trigger.id()));
    others.put("find by key", () -> store.triggers().find(Node.JOB, "other"));
    others.put("list", () -> store.triggers().list(TriggerFilter.all(), null, 10));
    others.put("count", () -> store.triggers().count(TriggerFilter.all(), 10));
    others.put("stale", () -> store.triggers().stale(10));
    others.put(
        "amend",
        () ->
            store.triggers().amend(List.of(new Amendment(trigger.id(), 9, "", null, null, null))));
    others.put("pause", () -> store.triggers().pause(trigger.id(), 9, new Next.Pause("why")));
    others.put("delete", () -> store.triggers().delete(trigger.id(), 9));
    others.put(
        "request",
        () ->
            store
                .requests()
                .put(
                    List.of(trigger.id()),
                    new Request.Reschedule(Due.at(Instant.now().plusSeconds(60)))));
    others.put("requests", () -> store.requests().of(node.session()));
    others.put("running", () -> store.claims().running(node.session(), 10));
    others.put("history", () -> store.history().list(ExecutionFilter.all(), null, 10));
    others.put("purge history", () -> store.history().purge(Duration.ofDays(1), 10));
    others.put("trim", () -> store.history().trim(Node.JOB, 1, 10));
    others.put("sessions", () -> store.sessions().all());
    others.put("purge sessions", () -> store.sessions().purge(Duration.ofDays(1)));
    others.put("declare dead", () -> store.sessions().declareDead(node.session(), -1));
    others.put("jobs", () -> store.jobs().all());
    others.put("settle", () -> store.jobs().settle(Set.of(Node.JOB)));
    others.put("pause a job", () -> store.jobs().pause(Node.JOB, false));
    others.put("park", () -> store.holds().park(Node.JOB, 10));
    others.put("unpark", () -> store.holds().unpark(Set.of(Node.JOB), 10));
    others.put("strangers", () -> store.holds().strangers(Set.of("default"), Set.of(), 10));
    others.put("pause a queue", () -> store.queues().pause("default", false));
    others.put("depth", () -> store.queues().depth("default", 10));
    others.put("purge checkpoints", () -> store.checkpoints().purge(10));

    others.forEach((name, operation) -> assertThat(of(operation)).as(name).isEmpty());
  }

  private void enqueue(OnConflict onConflict) {
    node.store().triggers().enqueue(List.of(Node.trigger("key", onConflict)));
  }

  /** The constants that match something of what was sent meanwhile. */
  private Set<String> of(Runnable operation) {
    sent.clear();
    operation.run();
    assertThat(sent).as("something was sent").isNotEmpty();
    Set<String> found = new TreeSet<>();
    CONSTANTS.forEach(
        (name, constant) -> {
          if (sent.stream().anyMatch(constant)) {
            found.add(name);
          }
        });
    return found;
  }
}
