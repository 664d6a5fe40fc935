package dev.escapement.spring;

import dev.escapement.Scheduler;
import dev.escapement.store.Store;

/**
 * Makes further schedulers for a context; a bean of its own. What {@code escapement.*} says holds
 * for each of them, except for what it says of the store, and so do listeners, interceptors, the
 * payload codec and the {@link SchedulerBuilderCustomizer}s that are beans. Each starts and stops
 * with the context. It runs the jobs of the beans that name it with {@link ScheduledBy}.
 *
 * <pre>{@code
 * @Bean(defaultCandidate = false)
 * Scheduler billingScheduler(SchedulerFactory schedulers, @Qualifier("billingStore") Store store) {
 *   return schedulers.create("billingScheduler", store);
 * }
 * }</pre>
 *
 * <p>{@code defaultCandidate = false} leaves {@code escapementScheduler} the one that is injected
 * where no name is asked for. The same goes for the store: a second {@code Store} bean that is a
 * default candidate takes the place of the one that {@code escapement.*} describes.
 */
public interface SchedulerFactory {

  /**
   * A scheduler over another store, to be returned by a {@code @Bean} method.
   *
   * @param beanName the name of the bean that it becomes, which {@link ScheduledBy} names
   * @param store where its state lives; stays the caller's
   */
  default Scheduler create(String beanName, Store store) {
    return create(beanName, store, builder -> {});
  }

  /**
   * The same, with something of its own.
   *
   * @param beanName the name of the bean that it becomes, which {@link ScheduledBy} names
   * @param store where its state lives; stays the caller's
   * @param customizer called last
   */
  Scheduler create(String beanName, Store store, SchedulerBuilderCustomizer customizer);
}
