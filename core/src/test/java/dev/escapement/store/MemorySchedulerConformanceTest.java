package dev.escapement.store;

import dev.escapement.conformance.SchedulerConformanceTest;

class MemorySchedulerConformanceTest extends SchedulerConformanceTest {

  private final MemoryStore store = new MemoryStore();

  @Override
  protected Store newStore() {
    return store;
  }
}
