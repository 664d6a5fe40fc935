package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escapement.Outcome;
import dev.escapement.testpostgres.PostgresServer.Stop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault alone, and what is special about some of them. */
@Tag("torture")
class EachFaultTest {

  private static final Duration LENGTH = Duration.ofSeconds(40);

  static Stream<Named<Fault>> onPostgres() {
    return Faults.ofPostgres().stream()
        .filter(fault -> !(fault instanceof Processes.Freeze || fault instanceof Clocks))
        .map(fault -> Named.of(fault.name(), fault));
  }

  @ParameterizedTest
  @MethodSource("onPostgres")
  void balancesOnPostgres(Fault fault) throws Exception {
    Report report = Given.onPostgres(fault.name(), Given.plan(LENGTH, List.of(fault), Given.QUICK));

    assertThat(report.strikes()).isPositive();
  }

  static Stream<Named<Fault>> onH2() {
    return Faults.ofH2().stream().map(fault -> Named.of(fault.name(), fault));
  }

  @ParameterizedTest
  @MethodSource("onH2")
  void balancesOnH2(Fault fault) throws Exception {
    try (DatabaseServer database = new H2Database()) {
      Given.run("H2: " + fault.name(), Given.plan(LENGTH, List.of(fault), Given.QUICK), database);
    }
  }

  /** On machines without libfaketime this shows as skipped. */
  @Test
  void aWallClockThatIsWrongChangesNothing() throws Exception {
    Optional<Path> library = FakeTime.installed();
    assumeThat(library).isPresent();
    Fault clocks = new Clocks(library.orElseThrow());
    Report report =
        Given.onPostgres(clocks.name(), Given.plan(LENGTH, List.of(clocks), Given.QUICK));

    assertThat(report.strikes()).isPositive();
  }

  /** What it still writes is refused, as the balance tells; and it knows that, and says so. */
  @Test
  void aZombieNoticesAndStartsANewSession() throws Exception {
    Fault freeze = new Processes.Freeze();
    Report report =
        Given.onPostgres(freeze.name(), Given.plan(LENGTH, List.of(freeze), Given.QUICK));

    assertThat(report.fenced()).isPositive();
    assertThat(report.deeds().stopped()).anyMatch(stats -> stats.sessions() > 1);
    assertThat(report.deeds().members())
        .anyMatch(
            member ->
                Given.log(member)
                    .contains(
                        "was declared dead by another node; its runs are interrupted and a new"
                            + " session begins"));
  }

  /** With a connection of their own, beats go on while the pool is exhausted. */
  @Test
  void anExhaustedPoolCostsNoSessionWithAConnectionForBeats() throws Exception {
    Fault exhaust = new Outages.ExhaustPool();
    Report report =
        Given.onPostgres(
            exhaust.name() + ", a connection for beats",
            Given.plan(LENGTH, List.of(exhaust), Given.QUICK.withControl(true)));

    assertThat(report.figures().count(Outcome.LOST)).isZero();
    assertThat(report.deeds().stopped()).allMatch(stats -> stats.sessions() == 1);
  }

  /** Pools come back within a lease, so nobody is thought dead. */
  @Test
  void anOutageCostsNoSessionAtDefaultSettings() throws Exception {
    Torture.Plan plan =
        new Torture.Plan(
            Given.SEED,
            Duration.ofMinutes(2),
            1,
            Duration.ofSeconds(10),
            List.of(new Outages.Restart(Stop.FAST), new Outages.Restart(Stop.IMMEDIATE)),
            Given.DEFAULT,
            Given.RATE);
    Report report = Given.onPostgres("database restarted, default settings", plan);

    assertThat(report.strikes()).isPositive();
    assertThat(report.figures().count(Outcome.LOST)).isZero();
    assertThat(report.deeds().stopped()).allMatch(stats -> stats.sessions() == 1);
  }

  /** The promise: within a lease and two heartbeats. A second is the machine's. */
  @Test
  void aKilledReplicaIsTakenOverInTimeAtDefaultSettings() throws Exception {
    Fault kill = new Processes.KillWhileRunning();
    Torture.Plan plan =
        new Torture.Plan(
            Given.SEED,
            Duration.ofMinutes(2),
            1,
            Duration.ofSeconds(20),
            List.of(kill),
            Given.DEFAULT,
            Given.RATE);
    Report report = Given.onPostgres(kill.name() + ", default settings", plan);

    Duration promised =
        Given.DEFAULT.lease().plus(Given.DEFAULT.heartbeat().multipliedBy(2)).plusSeconds(1);
    assertThat(report.figures().takeovers().isEmpty()).isFalse();
    assertThat(report.figures().takeovers().longest()).isLessThanOrEqualTo(promised);
  }
}
