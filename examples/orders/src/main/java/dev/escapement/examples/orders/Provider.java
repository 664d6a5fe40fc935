package dev.escapement.examples.orders;

import dev.escapement.NotRetryable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The payment provider: somebody else's system, on a bad day. */
final class Provider {

  static final String GOOD_CARD = "4000-0001";

  static final String EXPIRED_CARD = "4000-0002";

  private final AtomicInteger calls = new AtomicInteger();

  /** The provider has too much to do. */
  static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    BusyException(Duration retryAfter) {
      super("503, come back in " + retryAfter.toMillis() + " ms");
      this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The card is refused, and will be refused again: no attempt is wasted on it. */
  static final class DeclinedException extends Exception implements NotRetryable {
    private static final long serialVersionUID = 1L;

    DeclinedException(String card) {
      super("card " + card + " has expired");
    }
  }

  /** Charges a card. The first call gets no answer, the second is turned away. */
  void charge(String card) throws BusyException, DeclinedException {
    int call = calls.incrementAndGet();
    if (call == 1) {
      throw new IllegalStateException("no answer");
    }
    if (call == 2) {
      throw new BusyException(Duration.ofMillis(400));
    }
    if (card.equals(EXPIRED_CARD)) {
      throw new DeclinedException(card);
    }
  }
}
