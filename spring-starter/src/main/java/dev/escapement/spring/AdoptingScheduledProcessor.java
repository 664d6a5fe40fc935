package dev.escapement.spring;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/** Spring's processor of {@code @Scheduled}, without the methods that have become jobs. */
final class AdoptingScheduledProcessor extends ScheduledAnnotationBeanPostProcessor {

  /** Spring says which bean it has, and later which method, in the same thread. */
  private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

  private @Nullable BeanFactory beans;

  @Override
  public void setBeanFactory(BeanFactory factory) {
    super.setBeanFactory(factory);
    this.beans = factory;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    String outer = current.get();
    current.set(name);
    try {
      return super.postProcessAfterInitialization(bean, name);
    } finally {
      if (outer == null) {
        current.remove();
      } else {
        current.set(outer);
      }
    }
  }

  @Override
  protected void processScheduled(Scheduled said, Method method, Object bean) {
    String name = current.get();
    if (name == null || beans == null || !isTaken(beans, name, bean, method, said)) {
      super.processScheduled(said, method, bean);
    }
  }

  /** The adoption is asked for late: a processor's own beans would be made before all others. */
  private static boolean isTaken(
      BeanFactory factory, String name, Object bean, Method method, Scheduled said) {
    return factory
        .getBean(ScheduledAdoption.class)
        .takes(name, AopProxyUtils.ultimateTargetClass(bean), method, said);
  }
}
