package dev.escapement.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Speaks TLS in front of a server that doesn't, with a certificate that nobody knows. */
final class TlsFront implements Closeable {

  private static final String PASSWORD = "only-for-this-test";

  private final SSLServerSocket listening;
  private final int target;
  private final File certificate;

  private TlsFront(SSLServerSocket listening, int target, File certificate) {
    this.listening = listening;
    this.target = target;
    this.certificate = certificate;
  }

  /**
   * Begins to listen, on a free port.
   *
   * @param target the server's port on this machine
   * @param folder for the key
   */
  static TlsFront of(int target, Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    File certificate = folder.resolve("certificate.pem").toFile();
    keytool(keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=ip:127.0.0.1");
    keytool(keys, "-exportcert", "-rfc", "-file", certificate.toString());
    SSLServerSocket listening =
        (SSLServerSocket)
            context(keys)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TlsFront front = new TlsFront(listening, target, certificate);
    inBackground(front::accept);
    return front;
  }

  private static void keytool(Path keys, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "test", "-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", keys.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", printed).isZero();
  }

  private static SSLContext context(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** For those who are to trust it. */
  File certificate() {
    return certificate;
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void inBackground(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // One side has hung up.
              }
            },
            "tls-front");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      inBackground(() -> pass(client, server));
      inBackground(() -> pass(server, client));
    }
  }

  private static void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
