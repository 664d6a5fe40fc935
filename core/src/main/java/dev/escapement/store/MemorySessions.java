package dev.escapement.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

final class MemorySessions implements Sessions {

  private final MemoryTables tables;

  MemorySessions(MemoryTables tables) {
    this.tables = tables;
  }

  @Override
  public void open(NewSession session) {
    tables.atomically(
        () -> {
          if (tables.sessions.containsKey(session.id())) {
            throw new StoreException(
                "The session id " + session.id() + " is in use; make a new one at every start.",
                null);
          }
          tables.sessions.put(session.id(), new MemorySession(session, tables.now()));
          session.jobs().forEach(job -> tables.job(job.job()).declare(job, tables.now()));
          session.jobs().forEach(job -> tables.settle(job.job()));
          tables.epoch++;
        });
  }

  @Override
  public boolean beat(SessionId id, NodeLoad load) {
    return tables.atomically(
        () -> {
          MemorySession session = tables.sessions.get(id);
          if (session == null || !session.isLive()) {
            return false;
          }
          session.beat(load);
          return true;
        });
  }

  @Override
  public List<SessionRecord> all() {
    return tables.atomically(
        () -> tables.sessions.values().stream().map(MemorySession::toRecord).toList());
  }

  @Override
  public boolean declareDead(SessionId id, long beat) {
    return tables.atomically(
        () -> {
          MemorySession session = tables.sessions.get(id);
          if (session == null || !session.isLive() || session.lastBeat() != beat) {
            return false;
          }
          session.die(tables.now());
          tables.epoch++;
          return true;
        });
  }

  @Override
  public void close(SessionId id) {
    tables.atomically(
        () -> {
          MemorySession session = tables.sessions.get(id);
          if (session != null && session.isLive()) {
            session.die(tables.now());
            tables.epoch++;
          }
        });
  }

  @Override
  public int purge(Duration deadFor) {
    return tables.atomically(
        () -> {
          Instant horizon = tables.now().minus(deadFor);
          List<MemorySession> gone =
              tables.sessions.values().stream()
                  .filter(session -> session.isDeadSinceBefore(horizon) && !ownsAny(session))
                  .toList();
          gone.forEach(session -> tables.sessions.remove(session.id()));
          return gone.size();
        });
  }

  private boolean ownsAny(MemorySession session) {
    return !tables.running.in(session.id()).isEmpty();
  }
}
