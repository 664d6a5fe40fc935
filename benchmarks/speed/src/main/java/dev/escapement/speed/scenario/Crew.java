package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Fleet;
import java.util.ArrayList;
import java.util.List;

/** Some replicas that are started and stopped together. */
final class Crew implements AutoCloseable {

  private final List<Fleet.Replica> replicas = new ArrayList<>();

  /** Starts so many. */
  Crew(Fleet fleet, int count) throws Exception {
    try {
      for (int i = 0; i < count; i++) {
        replicas.add(fleet.start());
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() throws Exception {
    for (Fleet.Replica replica : replicas) {
      replica.close();
    }
  }
}
