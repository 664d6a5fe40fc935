package dev.escapement.engine;

import java.io.PrintWriter;
import java.io.Writer;

/** What the application threw, in a form that a logger can't stumble over. */
final class Printable {

  private Printable() {}

  /** The same; or, if one of its own methods throws, a stand-in that names it. */
  static Throwable of(Throwable thrown) {
    try {
      thrown.printStackTrace(new PrintWriter(Writer.nullWriter()));
      return thrown;
    } catch (Throwable t) { // whatever the application's own exception class throws at us
      return new IllegalStateException(
          "A "
              + thrown.getClass().getName()
              + " whose own methods throw "
              + t.getClass().getName());
    }
  }
}
