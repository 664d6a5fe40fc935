package dev.escapement;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An attempt that nobody runs, for code that is called without an engine. */
record FakeContext() implements JobContext {
  @Override
  public TriggerId triggerId() {
    return TriggerId.parse("019a0000-0000-7000-8000-000000000000");
  }

  @Override
  public String job() {
    return "job";
  }

  @Override
  public Optional<String> key() {
    return Optional.empty();
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public Instant fireTime() {
    return Instant.EPOCH;
  }

  @Override
  public long missedFires() {
    return 0;
  }

  @Override
  public Instant due() {
    return Instant.EPOCH;
  }

  @Override
  public Instant startedAt() {
    return Instant.EPOCH;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public long fencingToken() {
    return 1;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean leaseLost() {
    return false;
  }

  @Override
  public void retryIn(Duration wait) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void snooze(Duration wait) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkpoint(Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V> Optional<V> checkpoint(Class<V> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void progress(long done, long total, String message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Connection connection() {
    throw new UnsupportedOperationException();
  }
}
