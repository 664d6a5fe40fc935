package dev.escapement.examples.quickstart;

import dev.escapement.store.ExecutionKey;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.History;
import java.util.ArrayList;
import java.util.List;

/** The scheduler's history, all of it. */
final class Archive {

  private static final int PAGE = 1_000;

  private Archive() {}

  static List<ExecutionRecord> of(History history) {
    List<ExecutionRecord> all = new ArrayList<>();
    ExecutionKey last = null;
    List<ExecutionRecord> page;
    do {
      page = history.page(last, PAGE);
      all.addAll(page);
      last = page.isEmpty() ? last : page.get(page.size() - 1).key();
    } while (!page.isEmpty());
    return all;
  }
}
