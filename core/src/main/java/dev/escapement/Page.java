package dev.escapement;

import java.util.List;
import java.util.Optional;

/**
 * A part of a long list.
 *
 * @param items in the list's order
 * @param next where the rest begins, for the next call; empty at the end. Short text that may be
 *     handed to a browser and back
 * @param <T> what it lists
 */
public record Page<T>(List<T> items, Optional<String> next) {

  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }
}
