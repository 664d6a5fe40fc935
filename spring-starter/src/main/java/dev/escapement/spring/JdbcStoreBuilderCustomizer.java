package dev.escapement.spring;

import dev.escapement.jdbc.JdbcStore;

/**
 * A bean that tells the store in a database what no property can. Called in the order of the beans,
 * after the properties.
 */
@FunctionalInterface
public interface JdbcStoreBuilderCustomizer {

  /** Tells it. */
  void customize(JdbcStore.Builder builder);
}
