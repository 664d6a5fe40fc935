package dev.escapement.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The classes of a context's own beans, behind their proxies, without making a bean. What a lazy
 * bean's class is, its {@code @Bean} method has to say; what a factory makes, the factory.
 */
final class BeanClasses {

  private static final Logger LOG = LoggerFactory.getLogger(BeanClasses.class);

  private final ConfigurableListableBeanFactory beans;

  BeanClasses(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /**
   * A bean.
   *
   * @param name its name
   * @param type its class, without what proxies add
   * @param scope its scope, if it isn't a singleton
   */
  record BeanClass(String name, Class<?> type, @Nullable String scope) {}

  /** Those that have a method which is asked for, own or inherited. */
  List<BeanClass> with(Predicate<Method> isAskedFor) {
    List<BeanClass> found = new ArrayList<>();
    for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
      if (!ScopedProxyUtils.isScopedTarget(name) && !isFactory(name)) {
        BeanClass bean = bean(name);
        if (bean != null && has(bean, isAskedFor)) {
          found.add(bean);
        }
      }
    }
    return found;
  }

  private static boolean isFactory(String name) {
    return name.startsWith(BeanFactory.FACTORY_BEAN_PREFIX);
  }

  private @Nullable BeanClass bean(String name) {
    Class<?> type = type(behind(name));
    return type == null ? null : new BeanClass(name, ClassUtils.getUserClass(type), scope(name));
  }

  private String behind(String name) {
    String scoped = ScopedProxyUtils.getTargetBeanName(name);
    return beans.containsLocalBean(scoped) ? scoped : name;
  }

  private @Nullable Class<?> type(String name) {
    Object made =
        beans.containsSingleton(name) && !beans.isFactoryBean(name)
            ? beans.getSingleton(name)
            : null;
    return made != null && AopUtils.isAopProxy(made)
        ? AopProxyUtils.ultimateTargetClass(made)
        : AutoProxyUtils.determineTargetClass(beans, name);
  }

  /** The scope of a bean, if it isn't a singleton. */
  @Nullable String scope(String bean) {
    return scopeOtherThanSingleton(behind(bean));
  }

  private @Nullable String scopeOtherThanSingleton(String name) {
    if (beans.isSingleton(name)) {
      return null;
    }
    String said =
        beans.containsBeanDefinition(name)
            ? beans.getMergedBeanDefinition(name).getScope()
            : BeanDefinition.SCOPE_PROTOTYPE;
    // The product of a factory may be no singleton where the factory is one.
    return said == null || said.isEmpty() || said.equals(BeanDefinition.SCOPE_SINGLETON)
        ? BeanDefinition.SCOPE_PROTOTYPE
        : said;
  }

  private static boolean has(BeanClass bean, Predicate<Method> isAskedFor) {
    boolean[] found = {false};
    try {
      ReflectionUtils.doWithMethods(
          bean.type(), method -> found[0] = true, method -> !found[0] && isAskedFor.test(method));
    } catch (IllegalStateException e) {
      // Of a library, half of which isn't there; Spring passes over such classes too.
      LOG.debug("The methods of bean {} can't be seen", bean.name(), e);
    }
    return found[0];
  }
}
