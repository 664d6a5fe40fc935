package dev.escapement.jdbc;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL refuses to run as root. Where root may not use {@code unshare} either (in some
 * containers), its programs are run as the user nobody.
 */
final class PostgresAsNobody {

  private static final String NOBODY = "nobody";
  private static final String OPTIONS =
      "-p %d -F -c unix_socket_directories= -c max_connections=300"
          + " -c shared_preload_libraries=pg_stat_statements";

  private final Path programs;
  private final Path data;

  private PostgresAsNobody(Path programs, Path data) {
    this.programs = programs;
    this.data = data;
  }

  /**
   * Starts a server that stops with the JVM.
   *
   * @param unpacked where the programs have been unpacked, in a folder of their own
   * @return its URL
   */
  static String start(File unpacked) {
    try {
      return startIn(unpacked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String startIn(File unpacked) throws IOException {
    Path data = Files.createTempDirectory("escapement-postgres-data");
    Files.setOwner(
        data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
    PostgresAsNobody server = new PostgresAsNobody(programs(unpacked.toPath()), data);
    int port = freePort();
    server.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF-8");
    server.run("pg_ctl", "-o", OPTIONS.formatted(port), "-w", "start");
    Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
  }

  private static Path programs(Path unpacked) throws IOException {
    try (var found = Files.newDirectoryStream(unpacked, "PG-*")) {
      return found.iterator().next().resolve("bin");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void stop() {
    try {
      run("pg_ctl", "-m", "fast", "stop");
    } catch (IOException e) {
      throw new IllegalStateException("PostgreSQL goes on in " + data, e);
    }
  }

  private void run(String program, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=nogroup",
                "--clear-groups",
                programs.resolve(program).toString(),
                "-D",
                data.toString()));
    command.addAll(List.of(arguments));
    try {
      int exit =
          new ProcessBuilder(command)
              .directory(data.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IOException(command + " ended with " + exit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
