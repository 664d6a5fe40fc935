package dev.escapement.speed.peer;

import java.util.List;

/** All that can be measured. */
public final class Peers {

  private static final List<Peer> ALL =
      List.of(
          new EscapementPeer(true),
          new EscapementPeer(false),
          new DbSchedulerPeer(false),
          new DbSchedulerPeer(true),
          new JobRunrPeer(),
          new QuartzPeer(),
          new RawPeer(false),
          new RawPeer(true));

  private Peers() {}

  /** In the order in which tables show them. */
  public static List<Peer> all() {
    return ALL;
  }

  /**
   * The peer of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Peer named(String name) {
    return ALL.stream()
        .filter(peer -> peer.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no peer \"%s\"; there are %s."
                        .formatted(name, ALL.stream().map(Peer::name).toList())));
  }
}
