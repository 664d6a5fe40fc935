package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.MethodInvoker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Calls the methods of a bean as other beans would, through its proxy. The bean is asked for when
 * it is called, so one that is lazy stays so until then.
 */
final class BeanInvoker implements MethodInvoker {

  private final ConfigurableListableBeanFactory beans;
  private final String name;
  private final Map<Method, Method> callable = new ConcurrentHashMap<>();

  BeanInvoker(ConfigurableListableBeanFactory beans, String name) {
    this.beans = beans;
    this.name = name;
  }

  @Override
  public @Nullable Object invoke(Method method, @Nullable Object... arguments) throws Throwable {
    Object bean = beans.getBean(name);
    Method found =
        callable.computeIfAbsent(method, declared -> callable(declared, bean.getClass()));
    try {
      return found.invoke(bean, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  /**
   * Looks at a method of a bean that is there already.
   *
   * @throws InvalidDeclarationException if it can't be called through the bean's proxy
   */
  void check(Method method) {
    Object bean = beans.isFactoryBean(name) ? null : beans.getSingleton(name);
    if (bean != null) {
      callable(method, bean.getClass());
    }
  }

  private Method callable(Method method, Class<?> type) {
    try {
      Method found = AopUtils.selectInvocableMethod(method, type);
      if (isFinal(found) && isSubclassProxy(type)) {
        throw new InvalidDeclarationException(
            place(method)
                + " is final, so the proxy of its bean runs it by itself, without the bean's"
                + " fields; take the final away.");
      }
      ReflectionUtils.makeAccessible(found);
      return found;
    } catch (IllegalStateException e) {
      throw new InvalidDeclarationException(
          place(method) + " can't be called through the proxy of its bean. " + e.getMessage(), e);
    }
  }

  private static boolean isFinal(Method method) {
    return Modifier.isFinal(method.getModifiers()) && !Modifier.isStatic(method.getModifiers());
  }

  private static boolean isSubclassProxy(Class<?> type) {
    return SpringProxy.class.isAssignableFrom(type) && !Proxy.isProxyClass(type);
  }

  private String place(Method method) {
    return "Bean \"" + name + "\": " + placeOf(method);
  }

  /** Where a method stands. */
  static String placeOf(Method method) {
    return method.getDeclaringClass().getName() + "#" + method.getName();
  }
}
