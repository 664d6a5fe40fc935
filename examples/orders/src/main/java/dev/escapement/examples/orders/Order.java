package dev.escapement.examples.orders;

/**
 * What somebody wants.
 *
 * @param id its number
 * @param item what
 * @param pieces how many
 */
record Order(int id, String item, int pieces) {

  /** The key of its triggers: at most one of each job is live. */
  String key() {
    return "order-" + id;
  }

  /** What its jobs are told. A record and no bare number: a field may come to it one day. */
  Ref ref() {
    return new Ref(id);
  }

  /** The payload of most jobs; kept as JSON. */
  record Ref(int order) {}

  @Override
  public String toString() {
    return "order " + id + ", " + pieces + " x " + item;
  }
}
