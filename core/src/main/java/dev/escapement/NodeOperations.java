package dev.escapement;

import java.util.List;

/**
 * The nodes that share the store. Thread-safe; each method throws a {@link
 * dev.escapement.store.StoreException} if the store fails.
 */
public interface NodeOperations {

  /**
   * The nodes whose sessions are kept: the live ones first, then those that ended within about a
   * day; each by name, and the oldest first.
   */
  List<NodeStatus> all();
}
