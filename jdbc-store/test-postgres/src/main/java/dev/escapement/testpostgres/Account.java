package dev.escapement.testpostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who runs PostgreSQL's programs: whoever we are, or nobody if we are root, whom they refuse. */
final class Account {

  private static final String NOBODY = "nobody";

  private final List<String> prefix;

  private Account(List<String> prefix) {
    this.prefix = prefix;
  }

  /** The account that fits who we are. */
  static Account suitable() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new Account(List.of());
    }
    return new Account(
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + group(), "--clear-groups"));
  }

  private static String group() throws IOException {
    Process id = new ProcessBuilder("id", "-g", NOBODY).start();
    return new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
  }

  /** Lets a folder be this account's. */
  void own(Path folder) throws IOException {
    if (!prefix.isEmpty()) {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
    }
  }

  /** A program that runs as this account; its process is the program's own. */
  ProcessBuilder command(String... command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(command));
    return new ProcessBuilder(all);
  }
}
