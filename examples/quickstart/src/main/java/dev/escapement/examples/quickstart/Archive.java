package dev.escapement.examples.quickstart;

import dev.escapement.ExecutionFilter;
import dev.escapement.ExecutionId;
import dev.escapement.store.ExecutionRecord;
import dev.escapement.store.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The scheduler's history, all of it, the oldest first. */
final class Archive {

  private static final int PAGE = 1_000;

  private Archive() {}

  static List<ExecutionRecord> of(History history) {
    List<ExecutionRecord> all = new ArrayList<>();
    ExecutionId last = null;
    List<ExecutionRecord> page;
    do {
      page = history.list(ExecutionFilter.all(), last, PAGE);
      all.addAll(page);
      last = page.isEmpty() ? last : page.get(page.size() - 1).key();
    } while (!page.isEmpty());
    Collections.reverse(all);
    return all;
  }
}
