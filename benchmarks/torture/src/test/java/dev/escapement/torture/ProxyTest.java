package dev.escapement.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What needs no understanding of what is said. The server says everything once more. */
@Timeout(20)
class ProxyTest {

  private static final int QUIET_MILLIS = 100;

  private final Echo echo = new Echo();
  private final Proxy proxy = Proxy.to(echo.port(), new Random(1));
  private Socket client;

  @BeforeEach
  void connect() throws IOException {
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
    echo.close();
  }

  @Test
  void passesOnWhatIsSaid() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);
    assertThat(proxy.connections()).isEqualTo(1);
    for (Mishap fault : Mishap.values()) {
      assertThat(proxy.count(fault)).as("%s", fault).isZero();
    }
  }

  @Test
  void passesOnThatSomeoneHasGone() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);
    echo.hangUp();
    assertThat(hear()).isEqualTo(-1);
    assertThat(proxy.connections()).isZero();
  }

  @Test
  void delaysEachWay() throws IOException {
    proxy.delay(Duration.ofMillis(50), Duration.ofMillis(10));
    long began = System.nanoTime();

    say(7);
    assertThat(hear()).isEqualTo(7);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(100));
    assertThat(proxy.count(Mishap.DELAY)).isEqualTo(2);

    proxy.heal();
    say(8);
    assertThat(hear()).isEqualTo(8);
    assertThat(proxy.count(Mishap.DELAY)).isEqualTo(2);
  }

  @Test
  void resets() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);

    assertThat(proxy.cut(true)).isEqualTo(1);

    assertThatThrownBy(this::hear)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThat(proxy.count(Mishap.CUT)).isEqualTo(1);
    assertThat(proxy.cut(true)).isZero();
  }

  @Test
  void hangsUp() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);

    assertThat(proxy.cut(false)).isEqualTo(1);

    assertThat(hear()).isEqualTo(-1);
    connect();
    say(8);
    assertThat(hear()).isEqualTo(8);
  }

  @Test
  void refusesNewOnesAndLetsTheOthersGoOn() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);
    proxy.refuse(true);
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close())
        .isInstanceOf(ConnectException.class);
    say(8);
    assertThat(hear()).isEqualTo(8);

    proxy.refuse(false);

    try (Socket other = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThat(other.isConnected()).isTrue();
    }
    assertThat(proxy.count(Mishap.REFUSAL)).isEqualTo(1);
  }

  @Test
  void holdsAnswersBackUntilTheSilenceIsOver() throws IOException {
    proxy.silence(Direction.ANSWERS);
    say(7);
    while (echo.heard() == 0) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(this::hearSoon).isInstanceOf(SocketTimeoutException.class);

    proxy.silence();

    assertThat(hear()).isEqualTo(7);
    assertThat(proxy.count(Mishap.SILENCE)).isEqualTo(1);
  }

  @Test
  void holdsRequestsBackUntilTheSilenceIsOver() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);
    proxy.silence(Direction.REQUESTS, Direction.ANSWERS);
    say(8);
    assertThatThrownBy(this::hearSoon).isInstanceOf(SocketTimeoutException.class);
    assertThat(echo.heard()).isEqualTo(1);

    proxy.heal();

    assertThat(hear()).isEqualTo(8);
  }

  @Test
  void tellsNobodyDuringSilenceThatTheOtherHasGone() throws IOException {
    say(7);
    assertThat(hear()).isEqualTo(7);
    proxy.silence(Direction.REQUESTS, Direction.ANSWERS);
    echo.hangUp();
    say(8);
    assertThatThrownBy(this::hearSoon).isInstanceOf(SocketTimeoutException.class);

    assertThat(proxy.cut(true)).isEqualTo(1);

    assertThatThrownBy(this::hear).isInstanceOf(SocketException.class);
  }

  private void say(int what) throws IOException {
    client.getOutputStream().write(what);
  }

  private int hear() throws IOException {
    client.setSoTimeout(0);
    return client.getInputStream().read();
  }

  private int hearSoon() throws IOException {
    client.setSoTimeout(QUIET_MILLIS);
    return client.getInputStream().read();
  }

  /** Says every byte once more to whoever said it. */
  private static final class Echo implements AutoCloseable {

    private final ServerSocket door;
    private final AtomicInteger heard = new AtomicInteger();
    private volatile Socket last = new Socket();

    Echo() {
      try {
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      Proxy.daemon(this::accept);
    }

    int port() {
      return door.getLocalPort();
    }

    int heard() {
      return heard.get();
    }

    void hangUp() throws IOException {
      last.close();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = door.accept();
          last = socket;
          Proxy.daemon(() -> repeat(socket));
        }
      } catch (IOException closed) {
        assertThat(door.isClosed()).isTrue();
      }
    }

    private void repeat(Socket socket) {
      try (socket) {
        for (int read = socket.getInputStream().read();
            read >= 0;
            read = socket.getInputStream().read()) {
          heard.incrementAndGet();
          socket.getOutputStream().write(read);
        }
      } catch (IOException over) {
        assertThat(over).isInstanceOf(SocketException.class);
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }
}
