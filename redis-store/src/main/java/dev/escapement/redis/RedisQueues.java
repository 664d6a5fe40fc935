package dev.escapement.redis;

import dev.escapement.store.Queues;
import java.util.Set;

final class RedisQueues implements Queues {

  private static final Script PAUSE = Script.named("pause_queue");
  private static final Script PAUSED = Script.named("paused_queues");
  private static final Script DEPTH = Script.named("depth");

  private final Link link;

  RedisQueues(Link link) {
    this.link = link;
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    Args args = new Args().text(queue).flag(paused);
    return link.write(paused ? "pause a queue" : "resume a queue", PAUSE, args).flag();
  }

  @Override
  public Set<String> paused() {
    return Set.copyOf(link.read("look for paused queues", PAUSED, new Args()).texts());
  }

  @Override
  public Depth depth(String queue, int cap) {
    Reply reply = link.read("measure a queue", DEPTH, new Args().text(queue).number(cap));
    return new Depth(reply.number(), reply.instantOrNull(), reply.instant());
  }
}
