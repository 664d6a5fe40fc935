package dev.escapement.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds the accounts of a run against each other. Each check names what is promised; what it
 * returns are the breaches, in words that let one find the rows.
 */
final class Balance {

  private Balance() {}

  /**
   * One promise, held against the books.
   *
   * @param promise what is promised
   * @param breaches where it was broken; empty if it was kept
   */
  record Item(String promise, List<String> breaches) {

    boolean kept() {
      return breaches.isEmpty();
    }
  }

  /** All promises, each with its breaches. */
  static List<Item> of(Books books) {
    Index index = new Index(books);
    List<Item> items = new ArrayList<>();
    items.addAll(new ClaimChecks(books, index).items());
    items.addAll(new RunChecks(books, index).items());
    items.addAll(new FireChecks(books, index).items());
    items.addAll(new EndChecks(books, index).items());
    return List.copyOf(items);
  }
}
