package dev.escapement.jdbc;

import dev.escapement.store.BusyStoreException;
import dev.escapement.store.ClaimResult;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes that claim many triggers take turns at it, by an advisory lock that lasts as long as the
 * claim. A claim steps over what other claims have locked, and follows each row that changed since
 * it began to look; side by side, many large ones do little else. Whoever wants few, or was given
 * few last time, asks for no turn and waits for nobody.
 *
 * <p>The lock is only a matter of speed: the version decides who has won a trigger. So a turn that
 * doesn't come soon is done without, and for a while no turn is asked for then. A node holds it for
 * as long as PostgreSQL works for it and hands out the answer; one that stands still and doesn't
 * read its answer could keep it for longer.
 */
final class ClaimTurns {

  private static final Logger LOG = LoggerFactory.getLogger(ClaimTurns.class);

  /** Whoever was given as many has found a crowd of triggers, and is likely to find more. */
  private static final int MANY = 50;

  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration WITHOUT = Duration.ofSeconds(10);

  /** Apart from the locks of the schema, which bear the same names. */
  private static final int LOCK_SPACE = PostgresDialect.LOCK_SPACE + 1;

  private final LongSupplier nanoClock;
  private volatile boolean many;
  private volatile long withoutUntil;

  /**
   * @param nanoClock like {@link System#nanoTime}
   */
  ClaimTurns(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.withoutUntil = nanoClock.getAsLong();
  }

  /**
   * What waits for a turn before the statement after it looks. Not where one snapshot serves the
   * whole transaction: it would be taken before the wait.
   */
  static String sql(Tables tables) {
    return """
    CASE WHEN set_config('lock_timeout', '%d', TRUE) IS NOT NULL
              AND current_setting('transaction_isolation') = 'read committed'
         THEN (SELECT 1 FROM pg_advisory_xact_lock(%d, %d)) END\
    """
        .formatted(PATIENCE.toMillis(), LOCK_SPACE, tables.qualified().hashCode());
  }

  /**
   * Claims.
   *
   * @param wanted how many, where a turn can be waited for; 0 where it can't
   * @param claim is told whether to wait for its turn, and may be called again without: nothing has
   *     happened then
   */
  ClaimResult take(int wanted, Function<Boolean, ClaimResult> claim) {
    if (wanted < MANY) {
      return claim.apply(false);
    }
    boolean asks = many && nanoClock.getAsLong() - withoutUntil >= 0;
    ClaimResult result = asks ? inTurn(claim) : claim.apply(false);
    many = result.claims().size() >= MANY;
    return result;
  }

  private ClaimResult inTurn(Function<Boolean, ClaimResult> claim) {
    try {
      return claim.apply(true);
    } catch (BusyStoreException e) {
      withoutUntil = nanoClock.getAsLong() + WITHOUT.toNanos();
      if (!SqlErrors.isLockTimeout(e)) {
        throw e;
      }
      LOG.debug("No turn to claim for {}; for {} it goes on without", PATIENCE, WITHOUT, e);
      return claim.apply(false);
    }
  }
}
