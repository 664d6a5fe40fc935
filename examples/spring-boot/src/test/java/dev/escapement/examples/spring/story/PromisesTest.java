package dev.escapement.examples.spring.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.examples.spring.story.Client.Answer;
import dev.escapement.examples.spring.story.Client.Attempt;
import dev.escapement.examples.spring.story.Client.Fire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each promise is seen to be broken where it is. */
class PromisesTest {

  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private final List<Fire> fires = new ArrayList<>();
  private final List<Attempt> recurring = new ArrayList<>();
  private final List<Attempt> adopted = new ArrayList<>();
  private final List<Attempt> invoices = new ArrayList<>();
  private final Map<String, Answer> ordered = new HashMap<>();
  private final Map<String, Answer> looked = new HashMap<>();

  PromisesTest() {
    for (int second = 0; second < 4; second++) {
      Instant fireTime = START.plusSeconds(second);
      String instance = second % 2 == 0 ? "shop-1" : "shop-2";
      recurring.add(succeeded("", fireTime, 0));
      fires.add(new Fire(Play.RECURRING, fireTime, instance));
      adopted.add(succeeded("", fireTime, 0));
      fires.add(new Fire(Play.ADOPTED_HERE, null, instance));
      fires.add(new Fire(Play.LOCAL, null, "shop-1"));
      fires.add(new Fire(Play.LOCAL, null, "shop-2"));
    }
    invoices.add(succeeded(Play.PLAIN, START, 0));
    invoices.add(attempt(Play.UNLUCKY, START, 0, 1, "FAILED"));
    invoices.add(attempt(Play.UNLUCKY, START, 0, 2, "SUCCEEDED"));
    for (String taken : List.of(Play.PLAIN, Play.UNLUCKY)) {
      ordered.put(taken, new Answer(201, "taken"));
      looked.put(taken, new Answer(200, ""));
    }
    ordered.put(Play.REFUSED, new Answer(409, "no"));
    looked.put(Play.REFUSED, new Answer(404, ""));
  }

  private static Attempt succeeded(String key, Instant fireTime, int missed) {
    return attempt(key, fireTime, missed, 1, "SUCCEEDED");
  }

  private static Attempt attempt(
      String key, Instant fireTime, int missed, int attempt, String outcome) {
    return new Attempt(key, fireTime, missed, attempt, outcome, "shop-1", "");
  }

  private List<String> broken() {
    Map<String, List<Attempt>> attempts =
        Map.of(Play.RECURRING, recurring, Play.ADOPTED, adopted, Play.SEND_INVOICE, invoices);
    return new Promises(new Evidence(Set.of("shop-1", "shop-2"), fires, attempts, ordered, looked))
        .check().stream().filter(check -> !check.holds()).map(Promises.Check::promise).toList();
  }

  @Test
  void allIsWell() {
    assertThat(broken()).isEmpty();
  }

  @Test
  void bothFireOnce() {
    fires.add(new Fire(Play.RECURRING, START, "shop-2"));

    assertThat(broken()).containsExactly("Each fire time was fired by exactly one instance");
  }

  @Test
  void aFireIsLeftOut() {
    recurring.remove(2);
    fires.removeIf(fire -> START.plusSeconds(2).equals(fire.fireTime()));

    assertThat(broken()).containsExactly("No fire time was left out in silence");
  }

  @Test
  void aLateFireSaysForHowManyItStands() {
    recurring.subList(1, 3).clear();
    recurring.set(1, succeeded("", START.plusSeconds(3), 2));
    fires.removeIf(
        fire ->
            START.plusSeconds(1).equals(fire.fireTime())
                || START.plusSeconds(2).equals(fire.fireTime()));

    assertThat(broken()).isEmpty();
  }

  @Test
  void bothRunTheAdoptedMethod() {
    fires.add(new Fire(Play.ADOPTED_HERE, null, "shop-2"));

    assertThat(broken())
        .containsExactly("The adopted @Scheduled method ran once for each of its fire times");
  }

  @Test
  void oneInstanceAloneRunsWhatEachShould() {
    fires.removeIf(fire -> fire.job().equals(Play.LOCAL) && fire.instance().equals("shop-2"));

    assertThat(broken()).containsExactly("The one with @EveryNode ran on every instance");
  }

  @Test
  void theJobOfARefusedOrderRuns() {
    invoices.add(attempt(Play.REFUSED, START, 0, 1, "FAILED"));

    assertThat(broken())
        .containsExactly("The order that was refused isn't there, and its job never was");
  }

  @Test
  void anInvoiceIsSentTwice() {
    invoices.add(succeeded(Play.PLAIN, START, 0));

    assertThat(broken()).containsExactly("The invoice of the one that was taken was sent at once");
  }

  @Test
  void nobodyTriesAgain() {
    invoices.remove(2);

    assertThat(broken())
        .containsExactly("The one whose mail server was down was sent at the second attempt");
  }
}
