package dev.escapement.speed.scenario;

import dev.escapement.speed.measure.Statements;
import org.jspecify.annotations.Nullable;

/** What is counted from now on. */
final class Counted {

  final @Nullable Statements counter;
  private final long statements;
  private final long commits;

  Counted(@Nullable Statements counter) {
    this.counter = counter;
    this.statements = counter == null ? 0 : counter.statements();
    this.commits = counter == null ? 0 : counter.commits();
  }

  /** Statements since then; 0 if none are counted. */
  long statements() {
    return counter == null ? 0 : counter.statements() - statements;
  }

  /** Commits since then; 0 if none are counted. */
  long commits() {
    return counter == null ? 0 : counter.commits() - commits;
  }
}
