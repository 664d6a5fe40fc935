package dev.escapement.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nobody waits long for an answer that doesn't come. */
class ProbeTest {

  private static final Duration SHORT = Duration.ofMillis(100);

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void whatHangsIsAskedOnceHoweverManyWaitForIt() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    Probe<Integer> probe =
        new Probe<>(
            () -> {
              int number = asked.incrementAndGet();
              hang.await();
              return number;
            },
            SHORT);

    assertThatThrownBy(probe::ask)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("PT0.1S");
    assertThatThrownBy(probe::ask).isInstanceOf(TimeoutException.class);
    assertThat(asked).hasValue(1);
    hang.countDown();
    assertThat(new Probe<>(probe::ask, Duration.ofSeconds(30)).ask()).isPositive();
  }

  @Test
  void eachAnswerIsNew() throws Exception {
    Probe<Integer> probe = new Probe<>(asked::incrementAndGet, Duration.ofSeconds(30));

    assertThat(probe.ask()).isEqualTo(1);
    assertThat(probe.ask()).isEqualTo(2);
  }

  @Test
  void whatTheQuestionThrowsIsTold() {
    Probe<Integer> probe =
        new Probe<>(
            () -> {
              throw new IOException("gone");
            },
            Duration.ofSeconds(30));

    assertThatThrownBy(probe::ask).isInstanceOf(IOException.class).hasMessage("gone");
  }
}
