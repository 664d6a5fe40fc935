package dev.escapement.engine;

import dev.escapement.NodeOperations;
import dev.escapement.NodeStatus;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.util.Comparator;
import java.util.List;

/** The nodes, for people who look. Thread-safe. */
final class Nodes implements NodeOperations {

  private static final Comparator<NodeStatus> ORDER =
      Comparator.comparing(NodeStatus::live)
          .reversed()
          .thenComparing(NodeStatus::name)
          .thenComparing(NodeStatus::startedAt)
          .thenComparing(NodeStatus::session);

  private final Store store;

  Nodes(Store store) {
    this.store = store;
  }

  @Override
  public List<NodeStatus> all() {
    return store.sessions().all().stream().map(Nodes::status).sorted(ORDER).toList();
  }

  private static NodeStatus status(SessionRecord session) {
    return new NodeStatus(
        session.node(),
        session.id().toString(),
        session.applicationVersion(),
        session.live(),
        session.queues(),
        session.load().workers(),
        session.load().running(),
        session.startedAt());
  }
}
