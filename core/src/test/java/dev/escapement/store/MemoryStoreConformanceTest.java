package dev.escapement.store;

import dev.escapement.conformance.StoreConformanceTest;

final class MemoryStoreConformanceTest extends StoreConformanceTest {

  private final Store memory = new MemoryStore();

  @Override
  protected Store newStore() {
    return memory;
  }
}
