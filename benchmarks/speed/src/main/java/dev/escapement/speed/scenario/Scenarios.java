package dev.escapement.speed.scenario;

import java.util.List;

/** All that can be measured. */
public final class Scenarios {

  private static final List<Scenario> ALL =
      List.of(
          new BurnDown(),
          new Steady(),
          new Enqueue(),
          new OnTime(),
          new RecurringLoad(),
          new DeepTable(),
          new Herd(),
          new Idle(),
          new LongRun());

  private Scenarios() {}

  /** In the order in which tables show them. */
  public static List<Scenario> all() {
    return ALL;
  }

  /**
   * The scenario of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Scenario named(String name) {
    return ALL.stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no scenario \"%s\"; there are %s."
                        .formatted(name, ALL.stream().map(Scenario::name).toList())));
  }
}
