package dev.escapement.redis;

import dev.escapement.store.Holds;
import java.util.Set;

final class RedisHolds implements Holds {

  private static final Script STRANGERS = Script.named("strangers");
  private static final Script PARK = Script.named("park");
  private static final Script UNPARK = Script.named("unpark");

  private final Link link;

  RedisHolds(Link link) {
    this.link = link;
  }

  @Override
  public Set<String> strangers(Set<String> queues, Set<String> known, int window) {
    // A lane is an index for each job, so that all are at its front.
    Args args = new Args().counted(queues).texts(known);
    return Set.copyOf(link.read("look for unknown jobs", STRANGERS, args).texts());
  }

  @Override
  public int park(String job, int limit) {
    return link.write("park triggers", PARK, new Args().text(job).number(limit)).small();
  }

  @Override
  public int unpark(Set<String> jobs, int limit) {
    return link.write("unpark triggers", UNPARK, new Args().number(limit).texts(jobs)).small();
  }
}
