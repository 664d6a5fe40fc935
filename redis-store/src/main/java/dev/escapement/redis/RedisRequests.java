package dev.escapement.redis;

import dev.escapement.TriggerId;
import dev.escapement.TriggerState;
import dev.escapement.store.Guard;
import dev.escapement.store.Request;
import dev.escapement.store.RequestKind;
import dev.escapement.store.Requests;
import dev.escapement.store.SessionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class RedisRequests implements Requests {

  private static final Script PUT = Script.named("request");
  private static final Script ASKED = Script.named("asked");

  /** How many triggers share a call: a few milliseconds of Redis's time. */
  private static final int PART = 100;

  private final Link link;
  private final int history;

  /**
   * @param history how many executions to keep
   */
  RedisRequests(Link link, int history) {
    this.link = link;
    this.history = history;
  }

  @Override
  public Map<TriggerId, Answer> put(Collection<TriggerId> ids, Request request) {
    List<TriggerId> all = List.copyOf(Set.copyOf(ids));
    List<Args> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PART) {
      Args args = new Args().number(history).text(word(request)).text(due(request));
      all.subList(from, Math.min(from + PART, all.size())).forEach(args::value);
      parts.add(args);
    }
    Map<TriggerId, Answer> answers = new HashMap<>();
    for (Reply reply : link.writeAll("ask for something", PUT, parts)) {
      while (reply.hasNext()) {
        Reply row = reply.list();
        answers.put(row.trigger(), answer(row));
      }
    }
    return Map.copyOf(answers);
  }

  private static Answer answer(Reply row) {
    return new Answer(
        Answer.Result.valueOf(row.text()),
        TriggerState.valueOf(row.text()),
        row.text(),
        row.textOrNull());
  }

  private static String word(Request request) {
    if (request instanceof Request.Cancel) {
      return "CANCEL";
    }
    if (request instanceof Request.Pause) {
      return "PAUSE";
    }
    if (request instanceof Request.Resume) {
      return "RESUME";
    }
    return request instanceof Request.Reschedule ? "RESCHEDULE" : "RUN_NOW";
  }

  private static @Nullable String due(Request request) {
    return request instanceof Request.Reschedule reschedule ? Words.due(reschedule.due()) : null;
  }

  @Override
  public List<Asked> of(SessionId session) {
    return link.read("look for requests", ASKED, new Args().value(session))
        .lists(
            row ->
                new Asked(
                    new Guard(row.trigger(), row.number(), session),
                    Words.set(RequestKind.class, row.small(), RequestKind::bit)));
  }
}
