package dev.escapement.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The replicas: starts them as processes, each behind a proxy of its own, and notes what is done to
 * them. Each lives in another time zone and locale, which must change nothing. Thread-safe.
 */
final class Fleet implements AutoCloseable {

  /** What the names of all replicas begin with. */
  static final String PREFIX = "replica-";

  /** The grace, and then some calls that each end at the store's time limit. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration EXIT_PATIENCE = Duration.ofSeconds(3);

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "America/New_York",
          "Pacific/Apia",
          "Asia/Kathmandu",
          "Australia/Lord_Howe",
          "America/St_Johns",
          "Africa/Casablanca");

  private static final List<String> LOCALES = List.of("en-US", "tr-TR", "ar-EG", "th-TH", "hi-IN");

  private final DatabaseServer database;
  private final Path logs;
  private final Troubles troubles;
  private final AtomicInteger count = new AtomicInteger();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final List<String> surprises = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Fleet(DatabaseServer database, Path logs, Troubles troubles) {
    this.database = database;
    this.logs = logs;
    this.troubles = troubles;
    // One that is frozen doesn't notice that we are gone.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Starts one with those settings, but for its name and its way to the database. */
  Member start(ReplicaSettings settings) throws IOException {
    return start(settings, Map.of());
  }

  /** The same with more in its environment. */
  Member start(ReplicaSettings settings, Map<String, String> environment) throws IOException {
    if (closed) {
      throw new IllegalStateException("The fleet is closed.");
    }
    int number = count.incrementAndGet();
    String name = PREFIX + number;
    Proxy proxy = database.proxy(new Random(number));
    ReplicaSettings own = settings.of(name, database.url(proxy.port(), name));
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command(number));
    builder.redirectError(log.toFile());
    builder.environment().putAll(own.toEnvironment());
    builder.environment().putAll(environment);
    Member member = new Member(own, builder.start(), proxy, log, this::gone);
    synchronized (members) {
      members.put(name, member);
    }
    return member;
  }

  private static List<String> command(int number) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx160m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-Duser.timezone=" + ZONES.get(number % ZONES.size()));
    String[] locale = LOCALES.get(number % LOCALES.size()).split("-", -1);
    command.add("-Duser.language=" + locale[0]);
    command.add("-Duser.country=" + locale[1]);
    command.add("-Dlogback.configurationFile=logback.xml");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Replica.class.getName());
    return command;
  }

  /** Whatever ended it: a process that has ended holds no claim any more. */
  private void gone(Member member) {
    if (!member.stats().isDone()) {
      troubles.add(member.name(), Trouble.Kind.KILLED);
    }
    if (!member.hasGoneAsItShould()) {
      surprises.add(member + " has ended by itself; see " + member.log());
    }
    member.proxy().close();
  }

  /** Those that live, in the order in which they were started. */
  List<Member> alive() {
    synchronized (members) {
      return members.values().stream().filter(Member::isAlive).toList();
    }
  }

  /** All that there ever were. */
  List<Member> all() {
    synchronized (members) {
      return List.copyOf(members.values());
    }
  }

  /** One of those that live. */
  Optional<Member> any(Random random) {
    List<Member> alive = alive();
    return alive.isEmpty()
        ? Optional.empty()
        : Optional.of(alive.get(random.nextInt(alive.size())));
  }

  /** Kills one as a power cut would; returns when it is dead. */
  void kill(Member member) throws InterruptedException {
    member.doom();
    troubles.add(member.name(), Trouble.Kind.KILLED);
    member.process().destroyForcibly().waitFor();
  }

  /** Asks one to stop and waits for it. */
  void stop(Member member) throws InterruptedException, IOException {
    askToStop(member);
    awaitStopped(member);
  }

  /** One that can't start on a busy machine is killed instead: it doesn't listen yet. */
  private void askToStop(Member member) throws InterruptedException {
    if (member.awaitReady(START_PATIENCE)) {
      troubles.add(member.name(), Trouble.Kind.STOPPED);
      member.say("stop");
    } else {
      kill(member);
    }
  }

  private void awaitStopped(Member member) throws InterruptedException, IOException {
    if (!member.awaitStopped(STOP_PATIENCE)) {
      surprises.add(member + " doesn't stop within " + STOP_PATIENCE + "; see " + member.log());
      member.send(Signals.QUIT);
      member.doom();
    }
    // Its scheduler has closed; that a JVM under a false clock doesn't find its end is another
    // matter.
    if (!member.process().waitFor(EXIT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      member.process().destroyForcibly().waitFor();
    }
  }

  /** Stops all that live. */
  void stopAll() throws InterruptedException, IOException {
    List<Member> alive = alive();
    for (Member member : alive) {
      askToStop(member);
    }
    for (Member member : alive) {
      awaitStopped(member);
    }
  }

  /** What replicas did that nobody had asked for, and nothing here excuses. */
  List<String> surprises() {
    return List.copyOf(surprises);
  }

  /** Kills whatever still lives, and starts nothing any more. */
  @Override
  public void close() {
    closed = true;
    for (Member member : alive()) {
      member.doom();
      member.process().destroyForcibly();
    }
  }
}
