package dev.escapement.engine;

import dev.escapement.Count;
import dev.escapement.QueueOperations;
import dev.escapement.QueueStatus;
import dev.escapement.store.JobRecord;
import dev.escapement.store.Queues;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people decide about queues. Thread-safe. */
final class QueueControl implements QueueOperations {

  private static final Logger LOG = LoggerFactory.getLogger(QueueControl.class);

  private final Store store;
  private final Runnable tellNodes;

  QueueControl(Store store, Runnable tellNodes) {
    this.store = store;
    this.tellNodes = tellNodes;
  }

  @Override
  public List<QueueStatus> all() {
    Set<String> paused = store.queues().paused();
    List<SessionRecord> live = store.sessions().all().stream().filter(SessionRecord::live).toList();
    Set<String> names = new TreeSet<>(paused);
    live.forEach(session -> names.addAll(session.queues()));
    store.jobs().all().stream().map(JobRecord::queue).forEach(names::add);
    return names.stream().map(name -> status(name, paused, live)).toList();
  }

  private QueueStatus status(String name, Set<String> paused, List<SessionRecord> live) {
    Queues.Depth depth = store.queues().depth(name, Count.CAP);
    long serving = live.stream().filter(session -> session.queues().contains(name)).count();
    return new QueueStatus(
        name,
        paused.contains(name),
        (int) serving,
        Count.of(depth.due()),
        Optional.ofNullable(depth.oldestDue())
            .map(oldest -> Duration.between(oldest, depth.now())));
  }

  @Override
  public void pause(String queue) {
    decide(queue, true, "is paused");
  }

  @Override
  public void resume(String queue) {
    decide(queue, false, "is back in service");
  }

  private void decide(String queue, boolean paused, String what) {
    if (store.queues().pause(QueueOperations.requireName(queue), paused)) {
      LOG.info("Queue \"{}\" {} from now on, by a person's decision", queue, what);
      tellNodes.run();
    }
  }
}
