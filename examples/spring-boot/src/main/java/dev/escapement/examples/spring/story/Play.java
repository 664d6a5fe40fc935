package dev.escapement.examples.spring.story;

import dev.escapement.examples.spring.story.Client.Answer;
import dev.escapement.examples.spring.story.Client.Attempt;
import dev.escapement.examples.spring.story.Client.Fire;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The order of events. */
final class Play {

  static final String RECURRING = "count-stock";
  static final String SEND_INVOICE = "send-invoice";

  /** The job's name. */
  static final String ADOPTED = "housekeeping.dropBaskets";

  /** In the shop's own book. */
  static final String ADOPTED_HERE = "drop-baskets";

  static final String LOCAL = "read-prices";

  static final String PLAIN = "1001";
  static final String UNLUCKY = "1002";
  static final String REFUSED = "1003";

  /** With both instances there. */
  private static final int ENOUGH_FIRES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A run that a pause finds under way needs no more. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private final Client first;
  private final Client second;
  private final PrintStream out;
  private final Map<String, Answer> ordered = new LinkedHashMap<>();

  Play(Client first, Client second, PrintStream out) {
    this.first = first;
    this.second = second;
    this.out = out;
  }

  @FunctionalInterface
  private interface Look {
    boolean isDone() throws IOException, InterruptedException;
  }

  /** Plays it, and tells what was seen. */
  Evidence play() throws IOException, InterruptedException, TimeoutException {
    int before = first.attempts(RECURRING).size();
    buy();
    sendInvoices();
    await("fires", () -> first.attempts(RECURRING).size() >= before + ENOUGH_FIRES);
    Evidence evidence = settled();
    showRecurring(evidence, before);
    showScheduled(evidence);
    return evidence;
  }

  private void buy() throws IOException, InterruptedException {
    say("\n1. An order and the job that sends its invoice are one transaction");
    order(first, PLAIN, "ada@shop.example", 2);
    order(second, UNLUCKY, "bob@down-at-first.example", 3);
    order(first, REFUSED, "cy@shop.example", 5000);
    say("   GET /orders/%s: %d".formatted(REFUSED, second.look(REFUSED).status()));
  }

  private void order(Client shop, String number, String customer, int pieces)
      throws IOException, InterruptedException {
    Answer answer = shop.order(number, customer, pieces);
    ordered.put(number, answer);
    say(
        "   POST /orders to %s: order %s, %d x teapot for %s: %d, %s"
            .formatted(shop.name(), number, pieces, customer, answer.status(), answer.text()));
  }

  private void sendInvoices() throws IOException, InterruptedException, TimeoutException {
    say("\n2. A mail server is down, and is tried again");
    await(
        "the invoices",
        () ->
            first.attempts(SEND_INVOICE).stream()
                    .filter(attempt -> attempt.outcome().equals("SUCCEEDED"))
                    .count()
                >= 2);
    for (Attempt attempt : oldestFirst(SEND_INVOICE)) {
      say(
          "   %s %s  attempt %d on %s  %s%s"
              .formatted(
                  SEND_INVOICE,
                  attempt.key(),
                  attempt.attempt(),
                  attempt.node(),
                  attempt.outcome(),
                  attempt.failure().isEmpty() ? "" : ": " + attempt.failure()));
    }
  }

  /** After the last run has written its line and its end. */
  private Evidence settled() throws IOException, InterruptedException {
    first.pause(RECURRING);
    first.pause(ADOPTED);
    long deadline = System.nanoTime() + SETTLING.toNanos();
    Evidence evidence = look();
    while (!agrees(evidence) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
      evidence = look();
    }
    return evidence;
  }

  private static boolean agrees(Evidence evidence) {
    return evidence.firesOf(RECURRING).size() == evidence.attemptsOf(RECURRING).size()
        && evidence.firesOf(ADOPTED_HERE).size() == evidence.attemptsOf(ADOPTED).size();
  }

  private Evidence look() throws IOException, InterruptedException {
    Map<String, List<Attempt>> attempts = new LinkedHashMap<>();
    for (String job : List.of(RECURRING, ADOPTED, SEND_INVOICE)) {
      attempts.put(job, oldestFirst(job));
    }
    Map<String, Answer> looked = new LinkedHashMap<>();
    for (String number : List.of(PLAIN, UNLUCKY, REFUSED)) {
      looked.put(number, second.look(number));
    }
    return new Evidence(
        Set.of(first.name(), second.name()), second.fires(), attempts, ordered, looked);
  }

  private List<Attempt> oldestFirst(String job) throws IOException, InterruptedException {
    List<Attempt> attempts = new ArrayList<>(second.attempts(job));
    Collections.reverse(attempts);
    return attempts;
  }

  private void showRecurring(Evidence evidence, int before) {
    say("\n3. Both instances have the job %s; one of them fires each time".formatted(RECURRING));
    say("   (%d fires before %s was there)".formatted(before, second.name()));
    List<Attempt> attempts = evidence.attemptsOf(RECURRING);
    for (Attempt attempt : attempts.subList(before, attempts.size())) {
      say(
          "   %s  %s%s"
              .formatted(
                  TIME.format(attempt.fireTime()),
                  attempt.node(),
                  attempt.missedFires() == 0
                      ? ""
                      : ", and for " + attempt.missedFires() + " before it"));
    }
  }

  private void showScheduled(Evidence evidence) {
    say("\n4. Two methods with Spring's @Scheduled(fixedRate = 1000)");
    say(
        "   dropBaskets, adopted as job %s: %d fire times, runs: %s"
            .formatted(ADOPTED, evidence.attemptsOf(ADOPTED).size(), runs(evidence, ADOPTED_HERE)));
    say("   readPrices, with @EveryNode: runs: %s".formatted(runs(evidence, LOCAL)));
  }

  private static String runs(Evidence evidence, String job) {
    return evidence.firesOf(job).stream()
        .collect(Collectors.groupingBy(Fire::instance, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getValue() + " on " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** A line at once, for the instances' lines come between. */
  private void say(String line) {
    out.println(line);
  }

  private static void await(String what, Look look)
      throws IOException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!look.isDone()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("Waited " + PATIENCE.toSeconds() + " s in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
