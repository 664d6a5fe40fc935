package dev.escapement.pieces;

import dev.escapement.PayloadCodec;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;

/** Payloads to JSON and back. */
public class Payloads extends Piece {

  private static final Small SMALL = new Small(4711, "Ada Lovelace");
  private static final Large LARGE =
      new Large(
          "order-4711",
          Instant.parse("2026-03-01T12:00:00Z"),
          SMALL,
          IntStream.range(0, 12)
              .mapToObj(i -> new Line("article " + (1000 + i), 1 + i, 1999L + i, "paper, boxed"))
              .toList());

  private final PayloadCodec codec = PayloadCodec.json();
  private final byte[] small = codec.write(SMALL, Small.class);
  private final byte[] large = codec.write(LARGE, Large.class);

  /**
   * Two fields.
   *
   * @param number a customer's
   * @param name a customer's
   */
  public record Small(long number, String name) {}

  /**
   * About 1 KB.
   *
   * @param id the order's
   * @param placedAt when it was placed
   * @param customer whose it is
   * @param lines what was ordered
   */
  public record Large(String id, Instant placedAt, Small customer, List<Line> lines) {}

  /**
   * A line of an order.
   *
   * @param article what
   * @param quantity how many
   * @param cents at which price
   * @param note what else is to be said
   */
  public record Line(String article, int quantity, long cents, String note) {}

  /** How many bytes the larger one has. */
  public int largeBytes() {
    return large.length;
  }

  /** One payload of two fields. */
  @Benchmark
  public byte[] writeSmall() {
    return codec.write(SMALL, Small.class);
  }

  /** One payload of two fields. */
  @Benchmark
  public Small readSmall() {
    return codec.read(small, Small.class);
  }

  /** One payload of 1 KB. */
  @Benchmark
  public byte[] writeLarge() {
    return codec.write(LARGE, Large.class);
  }

  /** One payload of 1 KB. */
  @Benchmark
  public Large readLarge() {
    return codec.read(large, Large.class);
  }
}
