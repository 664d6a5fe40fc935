package dev.escapement.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escapement.store.Claim;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.TransientStoreException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A failover, or a wrong address, has left a node on a replica of the database. */
final class ReadOnlyTest {

  private final TestPostgres postgres = new TestPostgres();
  private final AtomicBoolean onReplica = new AtomicBoolean();

  @AfterEach
  void drop() {
    postgres.close();
  }

  private DataSource source() {
    PGSimpleDataSource replica = TestPostgres.dataSource();
    replica.setOptions("-c default_transaction_read_only=on");
    PGSimpleDataSource primary = TestPostgres.dataSource();
    return Wrapped.source(() -> (onReplica.get() ? replica : primary).getConnection());
  }

  private static void assertRefused(ThrowingCallable write) {
    assertThatThrownBy(write)
        .isInstanceOf(TransientStoreException.class)
        .hasMessageContaining("25006");
  }

  @Test
  void aNodeOnAReplicaClaimsNothingAndGoesOnWhenItIsBackOnThePrimary() {
    Movement node = Movement.on(postgres.store(source()).build());
    node.enqueue(2);
    List<Claim> claims = node.claim(1);
    onReplica.set(true);

    assertRefused(() -> node.claim(10));
    assertRefused(() -> node.complete(claims));
    assertRefused(node::enqueue);
    assertRefused(() -> node.store().sessions().beat(node.session(), new NodeLoad(1, 0)));
    assertThat(node.store().sessions().all()).hasSize(1);

    onReplica.set(false);
    assertThat(node.complete(claims)).hasSize(1);
    assertThat(node.claim(10)).hasSize(1);
  }
}
