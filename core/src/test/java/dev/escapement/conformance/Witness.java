package dev.escapement.conformance;

import dev.escapement.Outcome;
import dev.escapement.Transition;
import dev.escapement.TransitionListener;
import dev.escapement.TriggerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Hears every transition, and lets a test wait for the one that it expects. */
public final class Witness implements TransitionListener {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition heard = lock.newCondition();
  private final List<Transition> transitions = new ArrayList<>();

  @Override
  public void on(Transition transition) {
    lock.lock();
    try {
      transitions.add(transition);
      heard.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many transitions match, and returns them. */
  public List<Transition> await(int count, Predicate<Transition> expected)
      throws InterruptedException {
    long left = PATIENCE.toNanos();
    lock.lock();
    try {
      while (true) {
        List<Transition> matching = transitions.stream().filter(expected).toList();
        if (matching.size() >= count) {
          return matching;
        }
        if (left <= 0) {
          throw new AssertionError(
              "Waited in vain for " + count + " transitions; heard: " + transitions);
        }
        left = heard.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end of a trigger's claim with that outcome. */
  public Transition awaitEnd(TriggerId id, Outcome outcome) throws InterruptedException {
    return awaitEnds(1, id, outcome).get(0);
  }

  /** Waits for so many ends of a trigger's claims with that outcome. */
  public List<Transition> awaitEnds(int count, TriggerId id, Outcome outcome)
      throws InterruptedException {
    return await(count, t -> t.trigger().id().equals(id) && is(t, outcome));
  }

  /** Waits for so many ends of claims of a job with that outcome. */
  public List<Transition> awaitEnds(int count, String job, Outcome outcome)
      throws InterruptedException {
    return await(count, t -> t.trigger().job().equals(job) && is(t, outcome));
  }

  private static boolean is(Transition transition, Outcome outcome) {
    return transition.outcome().filter(o -> o == outcome).isPresent();
  }

  /** Waits for something else. {@link TimeUnit#SECONDS} at most, as many as this is patient. */
  public static void await(java.util.concurrent.CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("Waited in vain; " + latch.getCount() + " left");
    }
  }
}
