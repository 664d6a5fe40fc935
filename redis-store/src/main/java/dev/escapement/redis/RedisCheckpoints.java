package dev.escapement.redis;

import dev.escapement.Progress;
import dev.escapement.TriggerId;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Guard;
import dev.escapement.store.RequestKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class RedisCheckpoints implements Checkpoints {

  private static final Script KEEP = Script.named("keep");
  private static final Script REPORT = Script.named("report");
  private static final Script LEFT = Script.named("left");
  private static final Script FORGET = Script.named("forget");

  private final Link link;

  RedisCheckpoints(Link link) {
    this.link = link;
  }

  @Override
  public Optional<Set<RequestKind>> keep(Guard guard, Instant fireTime, byte[] checkpoint) {
    Args args = RedisClaims.guard(new Args(), guard).text(Words.time(fireTime)).bytes(checkpoint);
    int asked = link.write("keep a checkpoint", KEEP, args).small();
    return asked < 0
        ? Optional.empty()
        : Optional.of(Words.set(RequestKind.class, asked, RequestKind::bit));
  }

  /** What runs of a fire have left. */
  private record Left(
      @Nullable Instant fireTime, byte @Nullable [] checkpoint, @Nullable Progress progress) {}

  private Left left(TriggerId trigger) {
    Reply row = link.read("read a checkpoint", LEFT, new Args().value(trigger));
    Instant fireTime = row.instantOrNull();
    byte[] checkpoint = row.bytesOrNull();
    String done = row.textOrNull();
    if (done == null) {
      return new Left(fireTime, checkpoint, null);
    }
    return new Left(
        fireTime,
        checkpoint,
        new Progress(Long.parseLong(done), row.number(), row.text(), row.instant()));
  }

  @Override
  public Optional<byte[]> find(TriggerId trigger, Instant fireTime) {
    Left left = left(trigger);
    return Words.instant(Words.time(fireTime)).equals(left.fireTime())
        ? Optional.ofNullable(left.checkpoint())
        : Optional.empty();
  }

  @Override
  public void report(List<Report> reports) {
    Args args = new Args();
    for (Report report : reports) {
      RedisClaims.guard(args, report.guard())
          .text(Words.time(report.fireTime()))
          .number(report.done())
          .number(report.total())
          .text(report.message());
    }
    link.write("report progress", REPORT, args);
  }

  @Override
  public Optional<Progress> progress(TriggerId trigger) {
    return Optional.ofNullable(left(trigger).progress());
  }

  @Override
  public int purge(int limit) {
    return link.write("purge checkpoints", FORGET, new Args().number(limit)).small();
  }
}
