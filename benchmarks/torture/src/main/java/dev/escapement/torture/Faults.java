package dev.escapement.torture;

import java.util.ArrayList;
import java.util.List;

/** All faults that may strike at any time, for a run that mixes them. */
final class Faults {

  private Faults() {}

  /** Those that a run over PostgreSQL can have on this machine. */
  static List<Fault> ofPostgres() {
    List<Fault> faults = new ArrayList<>(Processes.ofPostgres());
    faults.addAll(Outages.ofPostgres());
    faults.addAll(Network.ofPostgres());
    faults.addAll(ofApplication());
    return List.copyOf(faults);
  }

  /** Those that a run over H2 can have on this machine. */
  static List<Fault> ofH2() {
    List<Fault> faults = new ArrayList<>(Processes.ofAny());
    faults.addAll(Outages.ofAny());
    faults.addAll(Network.ofAny());
    faults.addAll(ofApplication());
    return List.copyOf(faults);
  }

  private static List<Fault> ofApplication() {
    List<Fault> faults = new ArrayList<>();
    faults.add(new Deployments.Roll());
    faults.add(new Deployments.Misbehave());
    FakeTime.installed().map(Clocks::new).ifPresent(faults::add);
    return faults;
  }
}
