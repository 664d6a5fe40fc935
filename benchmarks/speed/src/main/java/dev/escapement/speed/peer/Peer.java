package dev.escapement.speed.peer;

import java.util.Set;

/** A scheduler that is measured. */
public interface Peer {

  /** As it is called on the command line and in tables. */
  String name();

  /** Its version, and how it is set up where that isn't clear from its name. */
  String version();

  /** What it can't do, or what makes no sense with it. */
  Set<Feature> lacks();

  /** About how many jobs a second it runs at best, so that a measurement of it isn't endless. */
  int pace();

  /** Makes its tables in an empty database. Nothing runs yet. */
  Fleet enter(Setup setup) throws Exception;
}
