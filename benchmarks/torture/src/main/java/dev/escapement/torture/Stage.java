package dev.escapement.torture;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * What a fault can get hold of.
 *
 * @param fleet the replicas
 * @param database the database
 * @param clientProxy between the one who enqueues and the database
 * @param workload the one who enqueues
 * @param ledger what handlers say
 * @param troubles where to note what is done
 * @param standard what a replica is told that nothing special is the matter with
 * @param pause lets time pass
 */
record Stage(
    Fleet fleet,
    DatabaseServer database,
    Proxy clientProxy,
    Workload workload,
    Ledger ledger,
    Troubles troubles,
    ReplicaSettings standard,
    Pause pause) {

  Duration lease() {
    return standard.lease();
  }

  /** A replica to be hurt; empty if none lives, or only one, which is to be left to work. */
  Optional<Member> victim(Random random) {
    return fleet.alive().size() < 2 ? Optional.empty() : fleet.any(random);
  }

  /** A time of about that length. */
  Duration about(Duration time, Random random) {
    return Duration.ofMillis((long) (time.toMillis() * (0.5 + random.nextDouble())));
  }
}
