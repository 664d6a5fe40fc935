package dev.escapement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.Job;
import dev.escapement.JobType;
import dev.escapement.PayloadCodec;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.MemoryStore;
import dev.escapement.store.Store;
import dev.escapement.store.Transactions;
import dev.escapement.store.TransientStoreException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes out of a node that is driven by hand. The rest is tested through the test kit. */
class HandDrivenTest {

  private static final JobType<Void> PING = JobType.of("ping");

  private final HandClock clock = new HandClock();
  private final MemoryStore memory = new MemoryStore(clock);
  private final List<String> done = new ArrayList<>();
  private final Job<Void> ping = Job.of(PING, context -> done.add("ping"));

  private HandDriven opened(Store store, Job<?> job) {
    HandDriven node =
        new HandDriven(
            store,
            List.of(job),
            clock,
            new HandDriven.Plugs(PayloadCodec.json(), List.of(), List.of(), List.of(), Set.of()));
    node.open();
    return node;
  }

  @Test
  void aFaultOfTheStoreComesOut() {
    FaultyStore store = new FaultyStore(memory);
    HandDriven node = opened(store, ping);
    node.client().enqueue(PING);
    store.atClaim.add(FaultyStore.Fault.TRANSIENT);

    assertThatThrownBy(node::turn).isInstanceOf(TransientStoreException.class);
    node.turn();

    assertThat(done).containsExactly("ping");
  }

  @Test
  void aFaultOfTheEngineAtARunComesOut() {
    HandDriven node = opened(withBrokenTransactions(), ping.transactional());
    TriggerId id = node.client().enqueue(PING).id();

    assertThatThrownBy(node::turn)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Job \"ping\": The engine failed")
        .hasRootCauseMessage("broken");
    assertThat(memory.triggers().find(id).orElseThrow().state()).isEqualTo(TriggerState.PAUSED);
    node.turn();
    assertThat(done).isEmpty();
  }

  private Store withBrokenTransactions() {
    Transactions broken =
        answering(
            Transactions.class,
            (proxy, method, args) -> {
              throw new IllegalStateException("broken");
            });
    return answering(
        Store.class,
        (proxy, method, args) -> {
          if (method.getName().equals("transactions")) {
            return Optional.of(broken);
          }
          try {
            return method.invoke(memory, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static <T> T answering(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
