package dev.escapement.torture;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** A fault that strikes once in a run, however often it is asked to. */
final class Once implements Fault {

  private static final Duration REST = Duration.ofSeconds(5);

  private final Fault fault;
  private final AtomicBoolean struck = new AtomicBoolean();

  Once(Fault fault) {
    this.fault = fault;
  }

  @Override
  public String name() {
    return fault.name();
  }

  @Override
  public boolean strike(Stage stage, Random random) throws Exception {
    if (struck.compareAndSet(false, true)) {
      return fault.strike(stage, random);
    }
    stage.pause().of(REST);
    return false;
  }

  @Override
  public String toString() {
    return name();
  }
}
