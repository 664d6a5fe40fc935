package dev.escapement.spring;

import dev.escapement.store.Store;

/**
 * A bean that goes around the store of each scheduler, to see what is asked of it. The store's bean
 * stays what it is. Called in the order of the beans.
 */
@FunctionalInterface
public interface StoreDecorator {

  /** The store that the scheduler gets in its place. */
  Store decorate(Store store);
}
