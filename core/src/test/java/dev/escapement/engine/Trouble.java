package dev.escapement.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What goes wrong in the first call at a site. */
record Trouble(Site site, Mode mode) {

  /** A call of the store that may go wrong. */
  enum Site {
    CLAIM("claim", true),
    ADVANCE("advance", true),
    COMPLETE("complete", true),
    TAKE_OVER("takeOver", true),
    RUNNING("running", false),
    OPEN("open", true),
    BEAT("beat", true),
    ALL("all", false),
    DECLARE_DEAD("declareDead", true),
    FIND("find", false);

    private final String method;
    private final boolean writes;

    Site(String method, boolean writes) {
      this.method = method;
      this.writes = writes;
    }

    /** The site of a method of Claims, Sessions or History. */
    static Optional<Site> of(String method) {
      return Arrays.stream(values()).filter(site -> site.method.equals(method)).findFirst();
    }
  }

  /** How it goes wrong. */
  enum Mode {
    /** Nothing was done, and the caller knows. */
    FAILS,
    /** Nothing was done, and the caller doesn't know. */
    VANISHES,
    /** It was done, and the caller doesn't know. */
    ANSWER_LOST,
    /** It is done some time later, when the caller has given it up. */
    COMES_LATE,
    /** The caller waits for long until it is done. */
    WAITS,
    /** It is done at once, and the caller waits for long for the answer. */
    ANSWER_WAITS;

    boolean isSlow() {
      return this == WAITS || this == ANSWER_WAITS;
    }
  }

  /** All that can go wrong there. A read that does nothing can't be done late. */
  static List<Trouble> at(Site site) {
    List<Trouble> troubles = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      if (site.writes || mode == Mode.FAILS || mode == Mode.ANSWER_WAITS) {
        troubles.add(new Trouble(site, mode));
      }
    }
    return troubles;
  }

  @Override
  public String toString() {
    return site + ":" + mode;
  }

  static Trouble parse(String text) {
    String[] parts = text.split(":", -1);
    return new Trouble(Site.valueOf(parts[0]), Mode.valueOf(parts[1]));
  }
}
