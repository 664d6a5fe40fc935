package dev.escapement;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** How a framework calls the methods of an object that it manages. Must be thread-safe. */
@FunctionalInterface
public interface MethodInvoker {

  /**
   * Calls a method.
   *
   * @param method as the class declares it; the object may have another in its place
   * @param arguments what the method takes; a payload may be null
   * @return what it returns; null if it returns nothing
   * @throws Throwable what the method throws, as itself
   */
  @Nullable Object invoke(Method method, @Nullable Object... arguments) throws Throwable;
}
