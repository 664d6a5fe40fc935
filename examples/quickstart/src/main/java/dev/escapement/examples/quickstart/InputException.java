package dev.escapement.examples.quickstart;

/** An input file that can't be used. The message says which, where and why. */
final class InputException extends Exception {

  private static final long serialVersionUID = 1L;

  InputException(String file, String problem) {
    super(file + " " + problem);
  }

  InputException(String file, int line, String problem) {
    super(file + ", line " + line + ": " + problem);
  }
}
