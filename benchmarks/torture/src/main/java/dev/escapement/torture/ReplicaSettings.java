package dev.escapement.torture;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a replica is told when it starts, through its environment.
 *
 * @param name the process; no two have the same
 * @param url the database, through its proxy
 * @param ledger the port of the ledger
 * @param lease the lease; a heartbeat is a quarter of it at most
 * @param heartbeat between two beats
 * @param generation which version of the application it is, 1 or 2; see {@link Generation}
 * @param control whether it keeps a connection for its beats that isn't of the pool
 * @param quarantine how many deaths of nodes a trigger may cost
 */
record ReplicaSettings(
    String name,
    String url,
    int ledger,
    Duration lease,
    Duration heartbeat,
    int generation,
    boolean control,
    int quarantine) {

  private static final String PREFIX = "TORTURE_";

  /** More than the default, since so many innocent ones are killed here. */
  private static final int QUARANTINE = 5;

  /** The same, for another process behind another proxy. */
  ReplicaSettings of(String process, String proxied) {
    return new ReplicaSettings(
        process, proxied, ledger, lease, heartbeat, generation, control, quarantine);
  }

  /** What every replica of a run is told, but for what the run itself adds. */
  static ReplicaSettings standard(Duration lease, Duration heartbeat) {
    return new ReplicaSettings("", "", 0, lease, heartbeat, 1, false, QUARANTINE);
  }

  ReplicaSettings ledger(int port) {
    return new ReplicaSettings(name, url, port, lease, heartbeat, generation, control, quarantine);
  }

  ReplicaSettings generation(int other) {
    return new ReplicaSettings(name, url, ledger, lease, heartbeat, other, control, quarantine);
  }

  ReplicaSettings withControl(boolean own) {
    return new ReplicaSettings(name, url, ledger, lease, heartbeat, generation, own, quarantine);
  }

  Map<String, String> toEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(PREFIX + "NAME", name);
    environment.put(PREFIX + "URL", url);
    environment.put(PREFIX + "LEDGER", Integer.toString(ledger));
    environment.put(PREFIX + "LEASE", lease.toString());
    environment.put(PREFIX + "HEARTBEAT", heartbeat.toString());
    environment.put(PREFIX + "GENERATION", Integer.toString(generation));
    environment.put(PREFIX + "CONTROL", Boolean.toString(control));
    environment.put(PREFIX + "QUARANTINE", Integer.toString(quarantine));
    return environment;
  }

  static ReplicaSettings of(Map<String, String> environment) {
    return new ReplicaSettings(
        read(environment, "NAME"),
        read(environment, "URL"),
        Integer.parseInt(read(environment, "LEDGER")),
        Duration.parse(read(environment, "LEASE")),
        Duration.parse(read(environment, "HEARTBEAT")),
        Integer.parseInt(read(environment, "GENERATION")),
        Boolean.parseBoolean(read(environment, "CONTROL")),
        Integer.parseInt(read(environment, "QUARANTINE")));
  }

  private static String read(Map<String, String> environment, String name) {
    return Objects.requireNonNull(environment.get(PREFIX + name), PREFIX + name);
  }
}
