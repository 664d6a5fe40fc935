package dev.escapement.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Faults of processes: killed, frozen, coming and going. */
final class Processes {

  private static final Duration START = Duration.ofSeconds(15);

  private Processes() {}

  /** Those that need not know what is said to the database. */
  static List<Fault> ofAny() {
    return List.of(new KillWhileRunning(), new KillAtStart(), new Freeze(), new ScaleInAndOut());
  }

  /** Those that do, too. */
  static List<Fault> ofPostgres() {
    List<Fault> faults = new ArrayList<>(ofAny());
    faults.add(new KillAtStatement("kill -9 while it claims", Statements.CLAIM));
    faults.add(new KillAtStatement("kill -9 while it flushes completions", Statements.COMPLETE));
    return List.copyOf(faults);
  }

  /** Kills a replica that has just said that a handler of it has begun. */
  record KillWhileRunning() implements Fault {
    @Override
    public String name() {
      return "kill -9 while it runs jobs";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      Set<String> busy = new HashSet<>();
      for (Run run : stage.ledger().runs()) {
        if (run.end() == null) {
          busy.add(run.replica());
        }
      }
      List<Member> candidates =
          stage.fleet().alive().stream().filter(member -> busy.contains(member.name())).toList();
      if (stage.fleet().alive().size() < 2 || candidates.isEmpty()) {
        return false;
      }
      stage.fleet().kill(candidates.get(random.nextInt(candidates.size())));
      return true;
    }
  }

  /** Kills a replica in the moment in which a certain statement of it is on its way. */
  record KillAtStatement(String name, Predicate<String> statement) implements FaultOfOne {
    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      victim.doom();
      // Whoever passes on its words kills it when he hears these, and loses them or their answer.
      Predicate<String> killing =
          sql -> statement.test(sql) && victim.process().toHandle().destroyForcibly();
      if (random.nextBoolean()) {
        victim.proxy().loseRequests(killing, 1);
      } else {
        victim.proxy().loseAnswers(killing, 1);
      }
      if (victim.process().waitFor(stage.lease().toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      stage.fleet().kill(victim);
      return false;
    }
  }

  /** Kills a replica while it starts. */
  record KillAtStart() implements Fault {
    @Override
    public String name() {
      return "kill -9 while it starts";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      Member member = stage.fleet().start(stage.standard());
      stage.pause().of(Duration.ofMillis(200 + random.nextInt(2_000)));
      stage.fleet().kill(member);
      return true;
    }
  }

  /** Stops a replica for twice its lease, and lets it go on. */
  record Freeze() implements FaultOfOne {
    @Override
    public String name() {
      return "SIGSTOP for twice the lease, then SIGCONT";
    }

    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      Instant from = Instant.now();
      victim.send(Signals.STOP);
      boolean whole;
      try {
        whole = stage.pause().of(stage.lease().multipliedBy(2));
      } finally {
        victim.send(Signals.CONT);
      }
      // It takes a while until it has noticed.
      Instant until = Instant.now().plus(stage.lease());
      stage.troubles().add(victim.name(), Trouble.Kind.FROZEN, from, until);
      return whole && victim.isAlive();
    }
  }

  /** One more, and then one less, in good order or not. */
  record ScaleInAndOut() implements Fault {
    @Override
    public String name() {
      return "scale out, scale in";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      stage.fleet().start(stage.standard()).awaitReady(START);
      stage.pause().of(Duration.ofMillis(random.nextInt(1_000)));
      Optional<Member> victim = stage.victim(random);
      if (victim.isEmpty()) {
        return false;
      }
      if (random.nextInt(3) > 0) {
        stage.fleet().stop(victim.get());
      } else {
        stage.fleet().kill(victim.get());
      }
      return true;
    }
  }
}
