package dev.escapement.redis;

import dev.escapement.store.JobDeclaration;
import dev.escapement.store.NewSession;
import dev.escapement.store.NodeLoad;
import dev.escapement.store.SessionId;
import dev.escapement.store.SessionRecord;
import dev.escapement.store.Sessions;
import dev.escapement.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class RedisSessions implements Sessions {

  private static final Logger log = LoggerFactory.getLogger(RedisSessions.class);

  private static final Script OPEN = Script.named("open_session");
  private static final Script BEAT = Script.named("beat");
  private static final Script ALL = Script.named("sessions");
  private static final Script END = Script.named("end_session");
  private static final Script PURGE = Script.named("purge_sessions");

  private static final int PAGE = 100;

  /** No queue's name has one. */
  private static final String SEPARATOR = "\n";

  private final Link link;

  RedisSessions(Link link) {
    this.link = link;
  }

  @Override
  public void open(NewSession session) {
    Args args =
        new Args()
            .value(session.id())
            .text(session.node())
            .text(session.applicationVersion())
            .text(String.join(SEPARATOR, session.queues()));
    for (JobDeclaration job : session.jobs()) {
      args.text(job.job())
          .text(job.hash())
          .text(job.queue())
          .text(job.priority().name())
          .text(Words.optional(job.schedule()));
    }
    if (!link.write("open a session", OPEN, args).flag()) {
      throw new StoreException(
          "The session id " + session.id() + " is in use; make a new one at every start.", null);
    }
  }

  @Override
  public boolean beat(SessionId session, NodeLoad load) {
    Args args = new Args().value(session).number(load.workers()).number(load.running());
    int answer = link.write("beat", BEAT, args).small();
    if (answer < 0) {
      log.error(
          "{} is empty: somebody has deleted its keys, or it has lost its data. All triggers that"
              + " were there are gone; this node declares its jobs anew.",
          link.describe());
    }
    return answer == 1;
  }

  @Override
  public List<SessionRecord> all() {
    List<SessionRecord> all = new ArrayList<>();
    int seen = 0;
    int page;
    do {
      List<Optional<SessionRecord>> read =
          link.read("look at sessions", ALL, new Args().number(seen).number(PAGE))
              .lists(RedisSessions::session);
      read.forEach(session -> session.ifPresent(all::add));
      page = read.size();
      seen += page;
    } while (page == PAGE);
    return List.copyOf(all);
  }

  /** Empty where its row was evicted. */
  private static Optional<SessionRecord> session(Reply row) {
    SessionId id = Objects.requireNonNull(row.sessionOrNull());
    if (!row.hasNext()) {
      return Optional.empty();
    }
    String node = row.text();
    String application = row.text();
    boolean live = row.flag();
    long beat = row.number();
    String queues = row.text();
    NodeLoad load = new NodeLoad(row.small(), row.small());
    Instant startedAt = row.instant();
    return Optional.of(
        new SessionRecord(
            id,
            node,
            application,
            live,
            beat,
            queues.isEmpty() ? Set.of() : Set.of(queues.split(SEPARATOR)),
            load,
            startedAt));
  }

  @Override
  public boolean declareDead(SessionId session, long beat) {
    Args args = new Args().value(session).number(beat);
    return link.write("declare a session dead", END, args).flag();
  }

  @Override
  public void close(SessionId session) {
    link.write("close a session", END, new Args().value(session).text(null));
  }

  @Override
  public int purge(Duration deadFor) {
    return link.write("purge sessions", PURGE, new Args().text(Words.delay(deadFor))).small();
  }
}
