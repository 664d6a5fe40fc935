package dev.escapement.engine;

import dev.escapement.store.Claims;
import dev.escapement.store.History;
import dev.escapement.store.Sessions;
import dev.escapement.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Stands between a node and a store, or between a store and another, and meddles with calls. */
interface Wiretap {

  /**
   * A call of Claims, Sessions or History.
   *
   * @param real does what was asked for; with other arguments, those are put into the array first
   * @return the answer
   */
  @Nullable Object call(String method, @Nullable Object[] args, Callable<@Nullable Object> real);

  /** The store with the tap in its line. */
  static Store tapped(Store store, Wiretap tap) {
    Map<String, Object> parts =
        Map.of(
            "claims", part(Claims.class, store.claims(), tap),
            "sessions", part(Sessions.class, store.sessions(), tap),
            "history", part(History.class, store.history(), tap));
    return proxy(
        Store.class,
        (method, args, real) -> {
          Object part = parts.get(method);
          return part == null ? answer(real) : part;
        },
        store);
  }

  private static <T> T part(Class<T> type, T real, Wiretap tap) {
    return proxy(type, tap, real);
  }

  private static <T> T proxy(Class<T> type, Wiretap tap, T real) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              @Nullable Object[] given = args == null ? new Object[0] : args;
              return tap.call(method.getName(), given, () -> method.invoke(real, given));
            });
    return type.cast(proxy);
  }

  /** What a call answers, or throws, without the wrapping. */
  static @Nullable Object answer(Callable<@Nullable Object> real) {
    try {
      return real.call();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      } else if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
