package dev.escapement.examples.quickstart;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;

/** What the quickstart shows. */
interface Play {

  /** Which jobs its replicas have. */
  Program program();

  /** Plays it once, reports, and judges. */
  Verdict perform(Address database, Supervisor supervisor, PrintStream out)
      throws DemoException, IOException, InterruptedException, SQLException;
}
