package dev.escapement.schedule;

/** Names of classes that are the same in each process. */
final class ClassNames {

  private ClassNames() {}

  /**
   * A lambda's class is named by a counter and an address, which differ from one process to the
   * next; both are cut off.
   */
  static String custom(Object object) {
    String name = object.getClass().getName();
    return "custom " + upTo("/0x", upTo("$$Lambda", name));
  }

  private static String upTo(String mark, String name) {
    int place = name.indexOf(mark);
    return place < 0 ? name : name.substring(0, place);
  }
}
