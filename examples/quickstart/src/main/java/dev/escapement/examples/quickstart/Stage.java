package dev.escapement.examples.quickstart;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Brings the replicas up, and down again. */
final class Stage {

  private static final Duration STARTING = Duration.ofSeconds(60);

  private final Supervisor supervisor;
  private final Console console;

  Stage(Supervisor supervisor, Console console) {
    this.supervisor = supervisor;
    this.console = console;
  }

  /** Returns when all are ready. */
  void start(int count) throws DemoException, IOException, InterruptedException {
    for (int i = 1; i <= count; i++) {
      String name = "r" + i;
      console.say("Replica %s is process %d", name, supervisor.start(name));
    }
    long deadline = System.nanoTime() + STARTING.toNanos();
    int ready = 0;
    while (ready < count) {
      Supervisor.Event event =
          supervisor
              .next(Duration.ofNanos(deadline - System.nanoTime()))
              .orElseThrow(() -> new DemoException("The replicas don't start."));
      if (event.message().kind() == Message.Kind.GONE) {
        throw gone(event.replica());
      }
      ready += event.message().kind() == Message.Kind.READY ? 1 : 0;
    }
  }

  static DemoException gone(String replica) {
    return new DemoException("Replica " + replica + " has ended; what it printed above says why.");
  }

  void stop() throws DemoException, InterruptedException {
    List<String> stubborn = supervisor.stop();
    if (!stubborn.isEmpty()) {
      throw new DemoException("Didn't stop and had to be killed: " + String.join(", ", stubborn));
    }
  }
}
