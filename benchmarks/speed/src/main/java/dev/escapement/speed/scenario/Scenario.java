package dev.escapement.speed.scenario;

import dev.escapement.speed.peer.Peer;
import java.util.List;
import java.util.Map;

/** Something that is measured. */
public interface Scenario {

  /** As it is called on the command line and in tables. */
  String name();

  /** What it is measured with, like "1 replica", "2 replicas"; at least one. */
  List<String> variants();

  /** Whether a peer can do it at all, or it makes sense with it. */
  boolean suits(Peer peer, String variant);

  /** Whether it is measured by the clock, in a run that counts nothing. */
  default boolean timed() {
    return true;
  }

  /** Whether its statements are counted, in a run of its own. */
  default boolean counts() {
    return false;
  }

  /**
   * Measures. Called for a timed run, a counted one, or both, each in a process of its own.
   *
   * @return figures by their names, which bear the unit; in the order in which tables show them
   */
  Map<String, Double> measure(Peer peer, String variant, Stage stage) throws Exception;
}
