package dev.escapement.engine;

import dev.escapement.engine.Step.Kind;
import dev.escapement.store.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the schedules under which two nodes do wrong: all of them up to a length, the shortest
 * first, or random ones that are longer.
 *
 * <p>A world can't be copied, so that each schedule is played from the beginning. Two schedules
 * that lead to the same {@link Fingerprint} go on alike; only the first of them is made longer.
 */
final class Interleavings {

  /** Of so many states it is tried out how each node alone goes on from them, and both. */
  private static final int FEW = 300;

  private final Supplier<World.Errand> errand;
  private final UnaryOperator<Store> distorted;
  private int settled;

  /** A schedule, what was wrong after it. */
  record Finding(List<Step> schedule, String fault) {
    /** As {@link Step#parse} reads them. */
    String steps() {
      return schedule.stream().map(Step::toString).collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
      return fault + "; after " + steps();
    }
  }

  /**
   * What a search came to.
   *
   * @param states how many different ones were reached
   * @param schedules how many schedules were played
   */
  record Result(int states, int schedules, Optional<Finding> finding) {}

  Interleavings(Supplier<World.Errand> errand, UnaryOperator<Store> distorted) {
    this.errand = errand;
    this.distorted = distorted;
  }

  private record Reached(
      @Nullable Reached from, @Nullable Step last, List<Step> next, int troubles) {

    List<Step> schedule() {
      Deque<Step> steps = new ArrayDeque<>();
      for (Reached at = this; at != null && at.last != null; at = at.from) {
        steps.addFirst(at.last);
      }
      return List.copyOf(steps);
    }
  }

  /** One search through all schedules. */
  private final class Search {
    final int mostTroubles;
    final Set<String> seen = new HashSet<>();
    List<Reached> reached = new ArrayList<>();
    int schedules;
    @Nullable Finding finding;

    Search(int mostTroubles) {
      this.mostTroubles = mostTroubles;
    }

    /** Plays a schedule made one step longer. */
    List<Trouble.Site> play(Reached from, List<Step> before, Step step) {
      schedules++;
      try (World world = world()) {
        before.forEach(world::take);
        List<Trouble.Site> sites = List.copyOf(world.take(step));
        String fault = world.fault();
        if (fault == null && seen.add(world.print().digest())) {
          reached.add(new Reached(from, step, world.steps(), world.troubles()));
          fault = seen.size() < FEW ? settle(before, step) : settle(world);
        }
        if (fault != null) {
          List<Step> schedule = new ArrayList<>(before);
          schedule.add(step);
          finding = new Finding(schedule, fault);
        }
        return sites;
      }
    }

    void extend(Reached from) {
      List<Step> before = from.schedule();
      for (Step step : from.next()) {
        List<Trouble.Site> sites = play(from, before, step);
        for (Trouble.Site site : from.troubles() < mostTroubles ? sites : List.<Trouble.Site>of()) {
          for (Trouble trouble : Trouble.at(site)) {
            if (finding == null) {
              play(from, before, step.with(trouble));
            }
          }
        }
        if (finding != null) {
          return;
        }
      }
    }
  }

  private World world() {
    return new World(errand.get(), distorted);
  }

  /** Each alone, and both. */
  private @Nullable String settle(List<Step> before, Step step) {
    List<Step> schedule = new ArrayList<>(before);
    schedule.add(step);
    return fault(schedule).orElse(null);
  }

  /** One after the other: each alone, and both. */
  private @Nullable String settle(World world) {
    return switch (settled++ % 3) {
      case 0 -> world.settle(0);
      case 1 -> world.settle(1);
      default -> world.settle(0, 1);
    };
  }

  /**
   * Plays all schedules of up to so many steps.
   *
   * @param troubles in how many steps of each something may go wrong
   */
  Result all(int length, int troubles) {
    return allAfter(List.of(), length, troubles);
  }

  /** Plays all schedules that begin so. */
  Result allAfter(List<Step> prefix, int length, int troubles) {
    Search search = new Search(troubles);
    Reached at = null;
    for (Step step : prefix) {
      at = new Reached(at, step, List.of(), 0);
    }
    try (World world = world()) {
      prefix.forEach(world::take);
      search.reached.add(
          new Reached(
              at == null ? null : at.from(),
              at == null ? null : at.last(),
              world.steps(),
              world.troubles()));
    }
    for (int i = 0; i < length && search.finding == null; i++) {
      List<Reached> frontier = search.reached;
      search.reached = new ArrayList<>();
      for (Reached from : frontier) {
        search.extend(from);
        if (search.finding != null) {
          break;
        }
      }
    }
    return new Result(search.seen.size(), search.schedules, Optional.ofNullable(search.finding));
  }

  /**
   * Plays one schedule of random steps.
   *
   * @return what was wrong, with a schedule that can't spare any of its steps
   */
  Optional<Finding> random(long seed, int length) {
    Random random = new Random(seed);
    List<Step> schedule = new ArrayList<>();
    try (World world = world()) {
      for (int i = 0; i < length && world.fault() == null; i++) {
        Step step = pick(world, random);
        schedule.add(step);
        world.take(step);
      }
    }
    return fault(schedule).map(fault -> shrunk(new Finding(schedule, fault)));
  }

  private static Step pick(World world, Random random) {
    List<Step> steps = world.steps();
    Step step = steps.get(random.nextInt(steps.size()));
    boolean rare = step.kind() == Kind.CRASHES && random.nextInt(10) != 0;
    if (rare || !step.kind().isOfNode() || random.nextInt(5) != 0) {
      return rare ? Step.of(Kind.TIME) : step;
    }
    List<Trouble> troubles =
        sites(step.kind()).stream().flatMap(site -> Trouble.at(site).stream()).toList();
    return troubles.isEmpty() ? step : step.with(troubles.get(random.nextInt(troubles.size())));
  }

  private static List<Trouble.Site> sites(Kind kind) {
    return switch (kind) {
      case CLAIMS -> List.of(Trouble.Site.CLAIM);
      case BEGINS -> List.of(Trouble.Site.ADVANCE);
      case COMPLETES -> List.of(Trouble.Site.COMPLETE, Trouble.Site.FIND);
      case BEATS -> List.of(Trouble.Site.BEAT, Trouble.Site.OPEN);
      case AUDITS ->
          List.of(
              Trouble.Site.ALL,
              Trouble.Site.DECLARE_DEAD,
              Trouble.Site.RUNNING,
              Trouble.Site.COMPLETE,
              Trouble.Site.TAKE_OVER);
      default -> List.of();
    };
  }

  /** What is wrong after a schedule, whose impossible steps are left out. */
  Optional<String> fault(List<Step> schedule) {
    for (int[] nodes : new int[][] {{0}, {1}, {0, 1}}) {
      try (World world = world()) {
        String fault = null;
        for (Step step : schedule) {
          if (fault == null && world.can(step)) {
            world.take(step);
            fault = world.fault();
          }
        }
        fault = fault == null ? world.settle(nodes) : fault;
        if (fault != null) {
          return Optional.of(fault);
        }
      }
    }
    return Optional.empty();
  }

  private Finding shrunk(Finding found) {
    Finding least = found;
    for (int i = found.schedule().size() - 1; i >= 0; i--) {
      List<Step> fewer = new ArrayList<>(least.schedule());
      fewer.remove(i);
      Optional<String> fault = fault(fewer);
      if (fault.isPresent()) {
        least = new Finding(fewer, fault.get());
      }
    }
    return least;
  }
}
