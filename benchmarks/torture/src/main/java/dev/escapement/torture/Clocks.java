package dev.escapement.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A replica whose wall clock is an hour ahead or behind, and then steps. Of the library's own code
 * none reads that clock, so it takes a changed clock of the whole process to see what drivers, the
 * pool and the JVM make of it.
 */
record Clocks(Path library) implements Fault {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration START = Duration.ofSeconds(60);
  private static final int STEPS = 4;

  @Override
  public String name() {
    return "wall clock an hour off, and stepping";
  }

  @Override
  public boolean strike(Stage stage, Random random) throws Exception {
    Path file = Files.createTempFile("escapement-torture-clock", "");
    FakeTime time = new FakeTime(library, file);
    time.set(anHourOff(random));
    Member member = stage.fleet().start(stage.standard(), time.environment());
    try {
      boolean ready = member.awaitReady(START);
      for (int step = 0; step < STEPS && stage.pause().of(Duration.ofSeconds(1)); step++) {
        time.set(anHourOff(random));
      }
      if (member.isAlive()) {
        stage.fleet().stop(member);
      }
      return ready;
    } finally {
      FakeTime.forget(member.process().pid());
      Files.deleteIfExists(file);
    }
  }

  private static Duration anHourOff(Random random) {
    return random.nextBoolean() ? HOUR : HOUR.negated();
  }
}
