package dev.escapement.examples.spring.story;

import dev.escapement.examples.spring.story.Client.Answer;
import dev.escapement.examples.spring.story.Client.Attempt;
import dev.escapement.examples.spring.story.Client.Fire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was promised, held against what was seen. */
final class Promises {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Evidence evidence;

  Promises(Evidence evidence) {
    this.evidence = evidence;
  }

  /**
   * One promise.
   *
   * @param promise in words
   * @param expected what is if it was kept
   * @param found what is
   */
  record Check(String promise, Object expected, Object found) {
    boolean holds() {
      return expected.equals(found);
    }
  }

  List<Check> check() {
    return List.of(
        firedByOne(),
        noneLeftOut(),
        new Check(
            "The order that was refused isn't there, and its job never was",
            List.of(409, 404, List.of()),
            List.of(
                status(evidence.ordered().get(Play.REFUSED)),
                status(evidence.looked().get(Play.REFUSED)),
                evidence.outcomesFor(Play.REFUSED))),
        new Check(
            "The invoice of the one that was taken was sent at once",
            List.of(201, 200, List.of("SUCCEEDED")),
            seenOf(Play.PLAIN)),
        new Check(
            "The one whose mail server was down was sent at the second attempt",
            List.of(201, 200, List.of("FAILED", "SUCCEEDED")),
            seenOf(Play.UNLUCKY)),
        adoptedOnce(),
        new Check(
            "The one with @EveryNode ran on every instance",
            evidence.instances(),
            evidence.firesOf(Play.LOCAL).stream().map(Fire::instance).collect(Collectors.toSet())));
  }

  private Check firedByOne() {
    return new Check(
        "Each fire time was fired by exactly one instance",
        evidence.attemptsOf(Play.RECURRING).stream().map(Attempt::fireTime).distinct().toList(),
        evidence.firesOf(Play.RECURRING).stream().map(Fire::fireTime).toList());
  }

  /** A fire that came late stands for those before it, and says how many. */
  private Check noneLeftOut() {
    List<Instant> expected = new ArrayList<>();
    List<Instant> found = new ArrayList<>();
    for (String job : List.of(Play.RECURRING, Play.ADOPTED)) {
      List<Attempt> attempts = evidence.attemptsOf(job);
      for (int i = 1; i < attempts.size(); i++) {
        Attempt attempt = attempts.get(i);
        expected.add(
            attempts.get(i - 1).fireTime().plus(PERIOD.multipliedBy(1 + attempt.missedFires())));
        found.add(attempt.fireTime());
      }
    }
    return new Check("No fire time was left out in silence", expected, found);
  }

  private Check adoptedOnce() {
    List<Attempt> attempts = evidence.attemptsOf(Play.ADOPTED);
    return new Check(
        "The adopted @Scheduled method ran once for each of its fire times",
        List.of((long) attempts.size(), attempts.size()),
        List.of(
            attempts.stream().map(Attempt::fireTime).distinct().count(),
            evidence.firesOf(Play.ADOPTED_HERE).size()));
  }

  private List<Object> seenOf(String order) {
    return List.of(
        status(evidence.ordered().get(order)),
        status(evidence.looked().get(order)),
        evidence.outcomesFor(order));
  }

  private static int status(@Nullable Answer answer) {
    return answer == null ? 0 : answer.status();
  }
}
