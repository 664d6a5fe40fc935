package dev.escapement.examples.spring.story;

import dev.escapement.examples.spring.story.Client.Answer;
import dev.escapement.examples.spring.story.Client.Attempt;
import dev.escapement.examples.spring.story.Client.Fire;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that was seen.
 *
 * @param instances their names
 * @param fires the shop's own book, the oldest first
 * @param attempts the scheduler's history of each job, the oldest first
 * @param ordered what came of each order, by number
 * @param looked what came of looking for it at the end
 */
record Evidence(
    Set<String> instances,
    List<Fire> fires,
    Map<String, List<Attempt>> attempts,
    Map<String, Answer> ordered,
    Map<String, Answer> looked) {

  List<Fire> firesOf(String job) {
    return fires.stream().filter(fire -> fire.job().equals(job)).toList();
  }

  List<Attempt> attemptsOf(String job) {
    return attempts.getOrDefault(job, List.of());
  }

  /** How the attempts ended that were made for an order. */
  List<String> outcomesFor(String order) {
    return attemptsOf(Play.SEND_INVOICE).stream()
        .filter(attempt -> attempt.key().equals(order))
        .map(Attempt::outcome)
        .toList();
  }
}
