package dev.escapement.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.tools.Server;

/**
 * The JVM of an {@link H2Database}. If its input ends, whoever owned it is gone, and so it goes.
 */
final class H2Process {

  /** What it says when it listens. */
  static final String READY = "ready";

  private H2Process() {}

  /**
   * Serves until it is stopped.
   *
   * @param arguments the port, and the folder of the database
   */
  public static void main(String[] arguments) throws SQLException, IOException {
    Path folder = Path.of(arguments[1]);
    Server.createTcpServer(
            "-tcpPort", arguments[0], "-baseDir", folder.toString(), "-ifNotExists", "-tcpDaemon")
        .start();
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    H2Database.delete(folder);
    Runtime.getRuntime().halt(0);
  }
}
