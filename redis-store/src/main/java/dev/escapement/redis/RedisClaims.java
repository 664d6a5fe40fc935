package dev.escapement.redis;

import dev.escapement.Failure;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Claim;
import dev.escapement.store.ClaimRequest;
import dev.escapement.store.ClaimRequest.Demand;
import dev.escapement.store.ClaimRequest.Waited;
import dev.escapement.store.ClaimResult;
import dev.escapement.store.Claims;
import dev.escapement.store.Completion;
import dev.escapement.store.Ended;
import dev.escapement.store.Ending;
import dev.escapement.store.Guard;
import dev.escapement.store.Next;
import dev.escapement.store.RunningTrigger;
import dev.escapement.store.SessionId;
import dev.escapement.store.Spawner;
import dev.escapement.store.StoreException;
import dev.escapement.store.TriggerKind;
import dev.escapement.store.UnknownCommitException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class RedisClaims implements Claims {

  private static final Logger log = LoggerFactory.getLogger(RedisClaims.class);

  private static final Script CLAIM = Script.named("claim");
  private static final Script ADVANCE = Script.named("advance");
  private static final Script COMPLETE = Script.named("complete");
  private static final Script RUNNING = Script.named("running");

  /** How many claims or ends share a call: a millisecond or two of Redis's time. */
  private static final int PART = 100;

  private final Link link;
  private final int history;

  /**
   * @param history how many executions to keep
   */
  RedisClaims(Link link, int history) {
    this.link = link;
    this.history = history;
  }

  /**
   * What is wanted beyond a part is claimed by further calls behind the first. Those that spawn
   * stay where they are, so where there may be some each call must know of what the one before has
   * found.
   */
  @Override
  public ClaimResult claim(ClaimRequest request) {
    Won won = new Won();
    if (request.spawning().isEmpty()) {
      List<Args> parts = new ArrayList<>();
      for (int taken = 0; parts.isEmpty() || wants(request, taken); taken += PART) {
        parts.add(part(request, taken, Set.of()));
      }
      link.writeAll("claim triggers", CLAIM, parts).forEach(won::add);
    } else {
      for (int taken = 0; taken == 0 || wants(request, taken); taken += PART) {
        won.add(link.write("claim triggers", CLAIM, part(request, taken, won.spawners.keySet())));
      }
    }
    return won.result();
  }

  /** What several parts have come to. */
  private final class Won {

    final Map<TriggerId, Spawner> spawners = new HashMap<>();
    private final List<Claim> claims = new ArrayList<>();
    private @Nullable ClaimResult last;

    void add(Reply reply) {
      Instant now = reply.instant();
      long epoch = reply.number();
      long requests = reply.number();
      Instant nextDue = reply.instantOrNull();
      claims.addAll(reply.list().rows(Rows::claim));
      Reply spawns = reply.list();
      while (spawns.hasNext()) {
        Spawner spawner = new Spawner(Rows.trigger(spawns.row()), spawns.small());
        spawners.put(spawner.trigger().id(), spawner);
      }
      warnOf(reply.list().texts());
      last = new ClaimResult(List.of(), List.of(), now, nextDue, epoch, requests);
    }

    ClaimResult result() {
      ClaimResult read = Objects.requireNonNull(last);
      return new ClaimResult(
          List.copyOf(claims),
          List.copyOf(spawners.values()),
          read.now(),
          read.nextDue(),
          read.epoch(),
          read.requests());
    }
  }

  private static boolean wants(ClaimRequest request, int taken) {
    return request.demands().stream().anyMatch(demand -> demand.limit() > taken);
  }

  private static Args part(ClaimRequest request, int taken, Set<TriggerId> known) {
    Args args = new Args().value(request.session()).number(request.demands().size());
    for (Demand demand : request.demands()) {
      Waited waited = demand.waited();
      args.text(demand.queue())
          .number(Math.max(0, Math.min(PART, demand.limit() - taken)))
          .text(waited == null ? null : waited.priority().name())
          .text(waited == null ? null : Words.delay(waited.least()));
    }
    args.counted(request.jobs()).counted(request.spawning());
    known.forEach(args::value);
    return args;
  }

  private void warnOf(List<String> missing) {
    if (!missing.isEmpty()) {
      log.error(
          "{} triggers that were due are not in {} any more: {}. Does it evict keys, or did"
              + " somebody delete them?",
          missing.size(),
          link.describe(),
          missing);
    }
  }

  @Override
  public boolean advance(Guard guard, Instant fireTime, Instant due, long missed) {
    Args args =
        guard(new Args(), guard).text(Words.time(fireTime)).text(Words.time(due)).number(missed);
    return link.write("move a trigger to a later fire", ADVANCE, args).flag();
  }

  static Args guard(Args args, Guard guard) {
    return args.value(guard.id()).number(guard.version()).value(guard.owner());
  }

  @Override
  public Ended complete(List<Completion> completions) {
    return end("complete triggers", "any", completions);
  }

  /** Nobody holds a row for longer than a script. */
  @Override
  public Ended completeInTurn(Completion completion) {
    return complete(List.of(completion));
  }

  @Override
  public Ended takeOver(List<Completion> completions) {
    return end("take triggers over", "orphaned", completions);
  }

  private Ended end(String what, String whose, List<Completion> completions) {
    List<List<TriggerId>> ids = new ArrayList<>();
    List<Args> parts = new ArrayList<>();
    for (int from = 0; from < completions.size(); from += PART) {
      Args args = new Args().text(whose).number(history);
      List<Completion> part = completions.subList(from, Math.min(from + PART, completions.size()));
      part.forEach(completion -> add(args, completion));
      parts.add(args);
      ids.add(part.stream().map(completion -> completion.guard().id()).toList());
    }
    Ends ends = new Ends();
    List<Link.Called> called = link.writeEach(what, COMPLETE, parts);
    for (int i = 0; i < called.size(); i++) {
      ends.add(ids.get(i), called.get(i));
    }
    return ends.result();
  }

  /** What several parts have come to. */
  private static final class Ends {

    private final Set<TriggerId> written = new HashSet<>();
    private final Map<TriggerId, Ended.Turn> turned = new HashMap<>();
    private final Set<TriggerId> refused = new HashSet<>();
    private @Nullable StoreException refusal;
    private boolean answered;

    void add(List<TriggerId> ids, Link.Called called) {
      StoreException failure = called.failure();
      if (failure instanceof UnknownCommitException) {
        throw failure;
      } else if (failure != null) {
        refused.addAll(ids);
        refusal = failure;
      } else {
        read(Objects.requireNonNull(called.reply()), ids);
        answered = true;
      }
    }

    private void read(Reply reply, List<TriggerId> ids) {
      for (TriggerId id : ids) {
        if (reply.nextIsList()) {
          turned.put(id, turn(reply.list()));
          written.add(id);
        } else if (reply.text().equals("written")) {
          written.add(id);
        }
      }
    }

    /** What was refused with others is tried by itself: it may be one that is refused for ever. */
    Ended result() {
      if (refusal != null) {
        if (!answered) {
          throw refusal;
        }
        log.warn("{} outcomes are refused together with one of them", refused.size(), refusal);
      }
      return new Ended(Set.copyOf(written), Map.copyOf(turned), Set.copyOf(refused));
    }
  }

  private static Ended.Turn turn(Reply reply) {
    Outcome outcome = Outcome.valueOf(reply.text());
    String state = reply.textOrNull();
    return new Ended.Turn(
        outcome, state == null ? null : TriggerState.valueOf(state), reply.instantOrNull());
  }

  private static void add(Args args, Completion completion) {
    Ending ending = completion.ending();
    Failure failure = ending.failure();
    guard(args, completion.guard())
        .value(ending.outcome())
        .text(Words.timeOrNone(ending.startedAt()))
        .text(Words.timeOrNone(ending.endedAt()))
        .text(failure == null ? null : failure.type())
        .text(failure == null ? null : failure.message())
        .text(failure == null ? null : failure.trace())
        .flag(ending.keepPayload())
        .optional(ending.result())
        .flag(ending.recorded());
    add(args, completion.next());
  }

  private static void add(Args args, Next next) {
    String fire = "";
    String due = "";
    long missed = 0;
    String reason = "";
    String word;
    if (next instanceof Next.Retry retry) {
      word = "RETRY";
      due = Words.due(retry.due());
    } else if (next instanceof Next.Release release) {
      word = "RELEASE";
      due = Words.dueOrNone(release.due());
    } else if (next instanceof Next.Fire later) {
      word = "FIRE";
      fire = Words.dueOrNone(later.fireTime());
      due = Words.dueOrNone(later.due());
      missed = later.missed();
    } else if (next instanceof Next.Pause pause) {
      word = "PAUSE";
      reason = Words.optional(pause.reason());
    } else {
      word = next instanceof Next.Recover ? "RECOVER" : "REMOVE";
    }
    args.text(word).text(fire).text(due).number(missed).text(reason);
  }

  @Override
  public List<RunningTrigger> running(SessionId self, int limit) {
    return link.write("look for running triggers", RUNNING, new Args().value(self).number(limit))
        .lists(
            row -> {
              TriggerId id = row.trigger();
              long version = row.number();
              SessionId owner = Objects.requireNonNull(row.sessionOrNull());
              return new RunningTrigger(
                  new Guard(id, version, owner),
                  TriggerKind.valueOf(row.text()),
                  row.text(),
                  row.textOrNull(),
                  row.small(),
                  row.small());
            });
  }
}
