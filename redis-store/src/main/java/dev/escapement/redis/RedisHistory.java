package dev.escapement.redis;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.Outcome;
import dev.escapement.TriggerId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

final class RedisHistory implements History {

  private static final Script FIND = Script.named("find_execution");
  private static final Script OF = Script.named("executions_of");
  private static final Script LIST = Script.named("list_executions");
  private static final Script PURGE = Script.named("purge_executions");
  private static final Script TRIM = Script.named("trim_executions");

  /** How many a script reads or deletes: a millisecond or two of Redis's time. */
  private static final int PART = 200;

  private final Link link;

  RedisHistory(Link link) {
    this.link = link;
  }

  @Override
  public Optional<ExecutionRecord> find(ExecutionId key) {
    return link
        .read("find an execution", FIND, new Args().text(Rows.key(key)))
        .rows(Rows::execution)
        .stream()
        .findFirst();
  }

  @Override
  public List<ExecutionRecord> of(TriggerId trigger) {
    List<ExecutionRecord> all = new ArrayList<>();
    String last = "";
    while (last != null) {
      Args args = new Args().value(trigger).text(last).number(PART);
      Reply reply = link.read("look at a trigger's history", OF, args);
      List<ExecutionRecord> page = reply.list().rows(Rows::execution);
      all.addAll(page);
      String end = reply.textOrNull();
      last = page.size() < PART ? null : end;
    }
    return List.copyOf(all);
  }

  @Override
  public List<ExecutionRecord> list(
      ExecutionFilter filter, @Nullable ExecutionId before, int limit) {
    List<ExecutionRecord> found = new ArrayList<>();
    String last = before == null ? "" : Rows.key(before);
    while (last != null && found.size() < limit) {
      Args args = args(filter, last).number(limit - found.size()).flag(true);
      Reply reply = link.read("list executions", LIST, args);
      found.addAll(reply.list().rows(Rows::execution));
      last = reply.textOrNull();
    }
    return List.copyOf(found);
  }

  @Override
  public long count(ExecutionFilter filter, int limit) {
    long count = 0;
    String last = "";
    while (last != null && count < limit) {
      Args args = args(filter, last).number(limit - count).flag(false);
      Reply reply = link.read("count executions", LIST, args);
      count += reply.number();
      last = reply.textOrNull();
    }
    return count;
  }

  private static Args args(ExecutionFilter filter, String before) {
    return new Args()
        .text(filter.job().orElse(null))
        .text(filter.key().orElse(null))
        .text(filter.outcome().map(Outcome::name).orElse(null))
        .text(filter.from().map(Words::time).orElse(null))
        .text(filter.until().map(Words::time).orElse(null))
        .text(before);
  }

  @Override
  public int purge(Duration age, int limit) {
    return inParts(
        limit,
        part ->
            link.write("purge executions", PURGE, new Args().text(Words.delay(age)).number(part))
                .small());
  }

  @Override
  public int trim(String job, int keep, int limit) {
    return inParts(
        limit,
        part ->
            link.write("trim executions", TRIM, new Args().text(job).number(keep).number(part))
                .small());
  }

  private static int inParts(int limit, IntUnaryOperator delete) {
    int deleted = 0;
    while (deleted < limit) {
      int part = Math.min(PART, limit - deleted);
      int gone = delete.applyAsInt(part);
      deleted += gone;
      if (gone < part) {
        break;
      }
    }
    return deleted;
  }
}
