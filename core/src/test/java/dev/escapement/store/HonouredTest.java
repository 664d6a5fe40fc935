package dev.escapement.store;

import static dev.escapement.store.RequestKind.AGAIN;
import static dev.escapement.store.RequestKind.CANCEL;
import static dev.escapement.store.RequestKind.PAUSE;
import static dev.escapement.store.RequestKind.RESCHEDULE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Due;
import dev.escapement.Outcome;
import dev.escapement.TriggerState;
import dev.escapement.store.Honoured.Fate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every end of every kind of trigger, under every set of requests. */
class HonouredTest {

  private static final Next RETRY = new Next.Retry(Due.now());
  private static final Next RELEASE = new Next.Release(null);
  private static final Next RECOVER = new Next.Recover();
  private static final Next ENOUGH = new Next.Pause("enough");
  private static final Next FIRE = Next.fireAt(null);
  private static final List<Next> SAME_FIRE = List.of(RETRY, RELEASE, RECOVER);

  record Case(Next next, TriggerKind kind, Set<RequestKind> asked) {

    Honoured honoured() {
      return Honoured.of(next, Outcome.FAILED, asked, kind);
    }

    boolean asks(RequestKind one) {
      return asked.contains(one);
    }

    Case without(RequestKind one) {
      return new Case(
          next,
          kind,
          asked.stream().filter(each -> each != one).collect(Collectors.toUnmodifiableSet()));
    }

    boolean wouldRunAgain() {
      return SAME_FIRE.contains(next) || (next.equals(ENOUGH) && kind == TriggerKind.ONE_TIME);
    }
  }

  static Stream<Case> cases() {
    return Stream.concat(
        ends(TriggerKind.ONE_TIME, Next.REMOVE, RETRY, RELEASE, RECOVER, ENOUGH),
        ends(TriggerKind.STANDING, FIRE, RETRY, RELEASE, RECOVER, ENOUGH));
  }

  private static Stream<Case> ends(TriggerKind kind, Next... ends) {
    return Arrays.stream(ends)
        .flatMap(
            next ->
                IntStream.range(0, 1 << RequestKind.values().length)
                    .mapToObj(bits -> new Case(next, kind, asked(bits))));
  }

  private static Set<RequestKind> asked(int bits) {
    Set<RequestKind> asked = EnumSet.noneOf(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if ((bits & kind.bit()) != 0) {
        asked.add(kind);
      }
    }
    return asked;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWhatTheRulesSay(Case of) {
    assertThat(of.honoured())
        .isEqualTo(
            new Honoured(
                isCancelled(of) ? Outcome.CANCELLED : Outcome.FAILED,
                isCancelled(of),
                fate(of),
                state(of),
                reason(of),
                isTurned(of)));
  }

  private static boolean isCancelled(Case of) {
    return of.asks(CANCEL) && of.wouldRunAgain();
  }

  private static Fate fate(Case of) {
    return of.asks(AGAIN)
        ? Fate.AGAIN
        : isCancelled(of)
            ? Fate.OVER
            : of.asks(RESCHEDULE) && (of.next().equals(ENOUGH) || SAME_FIRE.contains(of.next()))
                ? Fate.RESCHEDULED
                : Fate.AS_SAID;
  }

  private static @Nullable TriggerState state(Case of) {
    if (!of.asks(AGAIN) && of.kind() == TriggerKind.ONE_TIME) {
      if (isCancelled(of) || of.next().equals(Next.REMOVE)) {
        return null;
      }
    }
    if (of.asks(PAUSE)) {
      return TriggerState.PAUSED;
    }
    return of.next().equals(ENOUGH) && !of.asks(AGAIN)
        ? TriggerState.PAUSED
        : TriggerState.SCHEDULED;
  }

  private static @Nullable String reason(Case of) {
    return of.next().equals(ENOUGH) && state(of) == TriggerState.PAUSED ? "enough" : null;
  }

  private static boolean isTurned(Case of) {
    return isCancelled(of)
        || fate(of) != Fate.AS_SAID
        || state(of) != state(new Case(of.next(), of.kind(), Set.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isNotTurnedByWhatIsNotAsked(Case of) {
    if (of.asked().isEmpty()) {
      assertThat(of.honoured().turned()).isFalse();
      assertThat(of.honoured().fate()).isEqualTo(Fate.AS_SAID);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPauseChangesTheStateAndNothingElse(Case of) {
    Honoured with = of.honoured();
    Honoured without = of.without(PAUSE).honoured();
    assertThat(with)
        .usingRecursiveComparison()
        .ignoringFields("state", "reason", "turned")
        .isEqualTo(without);
    assertThat(with.state() == null).isEqualTo(without.state() == null);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anotherDueChangesNoOutcomeAndNoState(Case of) {
    Honoured with = of.honoured();
    Honoured without = of.without(RESCHEDULE).honoured();
    assertThat(with).usingRecursiveComparison().ignoringFields("fate", "turned").isEqualTo(without);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingThatIsToRunAgainGoes(Case of) {
    if (of.asks(AGAIN)) {
      assertThat(of.honoured().state()).isNotNull();
      assertThat(of.honoured().turned()).isTrue();
    }
    assertThat(of.honoured().outcome())
        .as("the outcome doesn't depend on it")
        .isEqualTo(of.without(AGAIN).honoured().outcome());
  }
}
