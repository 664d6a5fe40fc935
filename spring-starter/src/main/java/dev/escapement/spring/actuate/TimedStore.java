package dev.escapement.spring.actuate;

import dev.escapement.EscapementException;
import dev.escapement.store.BusyStoreException;
import dev.escapement.store.Store;
import dev.escapement.store.StoreException;
import dev.escapement.store.Transactions;
import dev.escapement.store.TransientStoreException;
import dev.escapement.store.UnknownCommitException;
import dev.escapement.store.Wakeups;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A store, or one of its parts, that takes the time of each call; {@code escapement.store.calls},
 * by operation, like {@code sessions.beat}, and result.
 */
final class TimedStore implements InvocationHandler {

  /** They don't go to the database. */
  private static final Set<String> LOCAL = Set.of("describe", "close", "afterCommit", "wakeups");

  private final Object target;
  private final String prefix;
  private final MeterRegistry registry;
  private final ConcurrentMap<String, Object> parts = new ConcurrentHashMap<>();
  private final ConcurrentMap<Kind, Timer> timers = new ConcurrentHashMap<>();

  private record Kind(String operation, String result) {}

  private TimedStore(Object target, String prefix, MeterRegistry registry) {
    this.target = target;
    this.prefix = prefix;
    this.registry = registry;
  }

  /** The store itself stays the application's to close. */
  static Store of(Store store, MeterRegistry registry) {
    return of(Store.class, store, "", registry);
  }

  private static <T> T of(Class<T> type, Object target, String prefix, MeterRegistry registry) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new TimedStore(target, prefix, registry)));
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> arguments != null && arguments[0] == self;
        case "hashCode" -> System.identityHashCode(self);
        default -> target.toString();
      };
    }
    if (isPart(method)) {
      return parts.computeIfAbsent(method.getName(), name -> part(method));
    }
    if (method.getName().equals("transactions")) {
      return ((Store) target)
          .transactions()
          .map(some -> of(Transactions.class, some, "transactions.", registry));
    }
    return isTimed(method) ? timed(method, arguments) : call(target, method, arguments);
  }

  /** What runs in a transaction is a job, whose time isn't the store's. */
  private static boolean isTimed(Method method) {
    return method.getDeclaringClass() == Store.class
        ? !LOCAL.contains(method.getName())
        : method.getDeclaringClass() != Transactions.class || !method.getName().equals("run");
  }

  private boolean isPart(Method method) {
    Class<?> type = method.getReturnType();
    return target instanceof Store
        && type.isInterface()
        && type != Wakeups.class
        && type.getPackage() == Store.class.getPackage();
  }

  private Object part(Method method) {
    try {
      return of(method.getReturnType(), method.invoke(target), method.getName() + ".", registry);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The store has no " + method.getName(), e);
    }
  }

  private @Nullable Object timed(Method method, Object @Nullable [] arguments) throws Throwable {
    long begun = System.nanoTime();
    String result = "ok";
    try {
      return call(target, method, arguments);
    } catch (Throwable t) {
      result = named(t);
      throw t;
    } finally {
      timers
          .computeIfAbsent(new Kind(prefix + method.getName(), result), this::timer)
          .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw Optional.ofNullable(e.getCause()).orElse(e);
    }
  }

  private Timer timer(Kind kind) {
    return Timer.builder("escapement.store.calls")
        .description("Calls of the store, as the scheduler makes them")
        .tag("operation", kind.operation())
        .tag("result", kind.result())
        .register(registry);
  }

  private static String named(Throwable thrown) {
    if (thrown instanceof BusyStoreException) {
      return "busy";
    } else if (thrown instanceof TransientStoreException) {
      return "transient";
    } else if (thrown instanceof UnknownCommitException) {
      return "unknown";
    } else if (thrown instanceof EscapementException && !(thrown instanceof StoreException)) {
      return "refused";
    }
    return "error";
  }
}
