package dev.escapement.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Faults of the network between a replica, or the one who enqueues, and the database. */
final class Network {

  private Network() {}

  /** Those that any database's network can have. */
  static List<Fault> ofAny() {
    return List.of(new Slow(), new Cut(), new HalfOpen());
  }

  /** Those that need to know what is said. */
  static List<Fault> ofPostgres() {
    List<Fault> faults = new ArrayList<>(ofAny());
    faults.add(new Lose("claim", Statements.CLAIM));
    faults.add(new Lose("completion", Statements.COMPLETE));
    faults.add(new LoseTakeover());
    faults.add(new LoseEnqueue());
    return List.copyOf(faults);
  }

  private static void note(Stage stage, Member member, Trouble.Kind kind, Instant from) {
    Instant until = Instant.now().plus(stage.lease());
    stage.troubles().add(member.name(), kind, from, until);
  }

  /** Each chunk takes its time. */
  record Slow() implements FaultOfOne {
    @Override
    public String name() {
      return "slow network";
    }

    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      Proxy proxy = victim.proxy();
      Instant from = Instant.now();
      Duration delay = Duration.ofMillis(random.nextInt(200));
      proxy.delay(delay, delay);
      stage.pause().of(stage.about(stage.lease(), random));
      proxy.delay(Duration.ZERO, Duration.ZERO);
      note(stage, victim, Trouble.Kind.CUT, from);
      return proxy.count(Mishap.DELAY) > 0;
    }
  }

  /** All connections are cut, time and again, and then no new ones are had for a while. */
  record Cut() implements FaultOfOne {
    @Override
    public String name() {
      return "connections cut, and refused for a while";
    }

    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      Proxy proxy = victim.proxy();
      Instant from = Instant.now();
      int cut = 0;
      for (int i = 0; i < 5; i++) {
        cut += proxy.cut(random.nextBoolean());
        stage.pause().of(Duration.ofMillis(random.nextInt(100)));
      }
      proxy.refuse(true);
      cut += proxy.cut(true);
      stage.pause().of(stage.about(stage.lease(), random));
      proxy.refuse(false);
      note(stage, victim, Trouble.Kind.CUT, from);
      return cut > 0;
    }
  }

  /** Nothing gets through, in one direction or in both, and nobody is told. */
  record HalfOpen() implements FaultOfOne {
    @Override
    public String name() {
      return "half-open connections";
    }

    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      Proxy proxy = victim.proxy();
      Instant from = Instant.now();
      switch (random.nextInt(3)) {
        case 0 -> proxy.silence(Direction.REQUESTS, Direction.ANSWERS);
        case 1 -> proxy.silence(Direction.REQUESTS);
        default -> proxy.silence(Direction.ANSWERS);
      }
      stage.pause().of(stage.about(stage.lease().multipliedBy(2), random));
      if (random.nextBoolean()) {
        proxy.cut(true);
      }
      proxy.silence();
      note(stage, victim, Trouble.Kind.CUT, from);
      return proxy.count(Mishap.SILENCE) > 0;
    }
  }

  /**
   * The answer to a commit is lost, or the request before it is heard; whoever asked can't know
   * which. That is no reason for anybody to be declared dead.
   */
  record Lose(String what, Predicate<String> statement) implements FaultOfOne {
    @Override
    public String name() {
      return "cut after COMMIT was sent: " + what;
    }

    @Override
    public boolean strike(Stage stage, Member victim, Random random) throws Exception {
      Proxy proxy = victim.proxy();
      Instant from = Instant.now();
      boolean lost = lose(proxy, statement, random, stage.pause());
      note(stage, victim, Trouble.Kind.LOSSES, from);
      return lost;
    }
  }

  /** Loses what comes within a second; whether an answer was lost. */
  private static boolean lose(Proxy proxy, Predicate<String> statement, Random random, Pause pause)
      throws InterruptedException {
    long before = proxy.count(Mishap.LOST_ANSWER);
    proxy.loseAnswers(statement, 1 + random.nextInt(3));
    proxy.loseRequests(statement, random.nextInt(2));
    pause.of(Duration.ofSeconds(1));
    proxy.loseNothing();
    return proxy.count(Mishap.LOST_ANSWER) > before;
  }

  /** One replica is killed, and whoever takes over what it held gets no answer. */
  record LoseTakeover() implements Fault {
    @Override
    public String name() {
      return "cut after COMMIT was sent: takeover";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      if (!new Processes.KillWhileRunning().strike(stage, random)) {
        return false;
      }
      List<Member> others = stage.fleet().alive();
      long before = lost(others);
      Instant from = Instant.now();
      for (Member member : others) {
        member.proxy().loseAnswers(Statements.TAKE_OVER, 2);
        member.proxy().loseRequests(Statements.TAKE_OVER, random.nextInt(2));
      }
      stage.pause().of(stage.lease().multipliedBy(2));
      for (Member member : others) {
        member.proxy().loseNothing();
        note(stage, member, Trouble.Kind.LOSSES, from);
      }
      return lost(others) > before;
    }

    private static long lost(List<Member> members) {
      return members.stream().mapToLong(one -> one.proxy().count(Mishap.LOST_ANSWER)).sum();
    }
  }

  /** The answer to the one who enqueues is lost. */
  record LoseEnqueue() implements Fault {
    @Override
    public String name() {
      return "cut after COMMIT was sent: enqueue";
    }

    @Override
    public boolean strike(Stage stage, Random random) throws Exception {
      return lose(stage.clientProxy(), Statements.ENQUEUE, random, stage.pause());
    }
  }
}
