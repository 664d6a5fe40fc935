package dev.escapement.schedule;

import dev.escapement.InvalidDeclarationException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Each fire is due a little later than its fire time, for each trigger by another delay.
 *
 * @param most exclusive
 */
record Jitter(Schedule base, Duration most) implements Option {

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration SHORTEST = Duration.of(1, ChronoUnit.MICROS);
  private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
  private static final long FNV_PRIME = 0x100_0000_01B3L;

  Jitter {
    if (most.compareTo(SHORTEST) < 0 || most.compareTo(LONGEST) > 0) {
      throw new InvalidDeclarationException(
          "A schedule's jitter can't be " + most + "; make it more than zero, and 1 day at most.");
    }
    most = most.truncatedTo(ChronoUnit.MICROS);
  }

  /** Evenly from zero to {@code most}. It depends on nothing but its arguments. */
  @Override
  public Duration delay(Instant fireTime, String trigger) {
    long hash = FNV_BASIS;
    for (int i = 0; i < trigger.length(); i++) {
      hash = (hash ^ trigger.charAt(i)) * FNV_PRIME;
    }
    hash = mixed(mixed(hash + fireTime.getEpochSecond()) + fireTime.getNano());
    long range = most.toNanos() / 1000;
    // The upper half of a product of 128 bits: a fraction of the range, without a modulo's bias.
    long micros = Math.multiplyHigh(hash >>> 1, range << 1);
    return base.delay(fireTime, trigger).plus(micros, ChronoUnit.MICROS);
  }

  /** Spreads a change of any bit over all bits (the finalizer of SplitMix64). */
  private static long mixed(long value) {
    long mixed = value + 0x9E37_79B9_7F4A_7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return base.next(after);
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return base.first(now);
  }

  @Override
  public Optional<Instant> atOrAfter(Instant start) {
    return Option.atOrAfter(base, start);
  }

  @Override
  public Optional<Instant> latest(Instant fireTime, Instant now) {
    return base.latest(fireTime, now);
  }

  @Override
  public long count(Instant fireTime, Instant now) {
    return base.count(fireTime, now);
  }

  @Override
  public Optional<String> optionText() {
    return Optional.of("jitter " + Durations.format(most));
  }

  @Override
  public String inWords(Words words) {
    return words.jitter(most);
  }

  @Override
  public String toString() {
    return base + "; jitter " + Durations.format(most);
  }
}
