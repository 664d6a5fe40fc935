package dev.escapement;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A method of an object as the code of a job. It is given what its parameters ask for; what it
 * returns is the result, and what it throws comes out as itself.
 *
 * @param <T> the payload
 */
final class MethodHandler<T> implements ResultHandler<T> {

  private static final MethodType SHAPE =
      MethodType.methodType(Object.class, Object.class, JobContext.class);

  private static final MethodHandle INVOKE = invoke();

  private final Method method;
  private final MethodHandle target;

  private MethodHandler(Method method, MethodHandle target) {
    this.method = method;
    this.target = target;
  }

  /**
   * @throws InvalidDeclarationException if the method can't be the code of a job
   */
  static <T> MethodHandler<T> of(Object bean, Method method) {
    refuseFutures(method.getReturnType());
    MethodHandle handle = handle(method);
    return of(method, Modifier.isStatic(method.getModifiers()) ? handle : handle.bindTo(bean));
  }

  /**
   * The same, called by whoever manages the object.
   *
   * @throws InvalidDeclarationException if the method can't be the code of a job
   */
  static <T> MethodHandler<T> through(MethodInvoker invoker, Method method) {
    refuseFutures(method.getReturnType());
    MethodHandle call = INVOKE.bindTo(invoker).bindTo(method);
    return of(method, call.asCollector(Object[].class, method.getParameterCount()));
  }

  private static <T> MethodHandler<T> of(Method method, MethodHandle bound) {
    int[] order =
        Arrays.stream(method.getParameterTypes())
            .mapToInt(parameter -> parameter == JobContext.class ? 1 : 0)
            .toArray();
    Class<?>[] parameters =
        Arrays.stream(order).mapToObj(SHAPE::parameterType).toArray(Class<?>[]::new);
    MethodHandle loose = bound.asType(MethodType.methodType(Object.class, parameters));
    return new MethodHandler<>(method, MethodHandles.permuteArguments(loose, SHAPE, order));
  }

  private static MethodHandle invoke() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              MethodInvoker.class,
              "invoke",
              MethodType.methodType(Object.class, Method.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static void refuseFutures(Class<?> returned) {
    if (Future.class.isAssignableFrom(returned)
        || CompletionStage.class.isAssignableFrom(returned)) {
      throw new InvalidDeclarationException(
          "It returns a "
              + returned.getName()
              + ", and its job would count as done before that is; wait for it in the method.");
    }
  }

  private static MethodHandle handle(Method method) {
    try {
      return MethodHandles.lookup().unreflect(BeanClass.open(method)).asFixedArity();
    } catch (IllegalAccessException e) {
      throw new InvalidDeclarationException(method + " can't be called.", e);
    }
  }

  /**
   * What the method takes besides the {@link JobContext}.
   *
   * @throws InvalidDeclarationException if that is more than one, or no class that a payload can be
   */
  static Optional<Class<?>> payloadOf(Method method) {
    List<Type> parameters = List.of(method.getGenericParameterTypes());
    List<Type> payloads =
        parameters.stream().filter(parameter -> parameter != JobContext.class).toList();
    if (payloads.size() > 1) {
      throw new InvalidDeclarationException(
          "It takes "
              + names(payloads)
              + ", and a trigger has one payload; put them into one record.");
    }
    if (parameters.size() - payloads.size() > 1) {
      throw new InvalidDeclarationException("It takes the JobContext twice; once is enough.");
    }
    return payloads.stream().<Class<?>>map(MethodHandler::asClass).findFirst();
  }

  private static Class<?> asClass(Type payload) {
    if (!(payload instanceof Class<?> type)) {
      throw new InvalidDeclarationException(
          "Its payload "
              + payload.getTypeName()
              + " is generic, and a class can't say of what; wrap it in a record.");
    }
    if (type.isPrimitive()) {
      throw new InvalidDeclarationException(
          "Its payload is the primitive "
              + type
              + "; take "
              + MethodType.methodType(type).wrap().returnType().getSimpleName()
              + ".");
    }
    return type;
  }

  private static String names(List<Type> types) {
    return String.join(" and ", types.stream().map(Type::getTypeName).toList());
  }

  @Override
  public @Nullable Object run(T payload, JobContext context) {
    try {
      return (Object) target.invokeExact((Object) payload, context);
    } catch (Throwable thrown) {
      throw MethodHandler.<RuntimeException>rethrow(thrown);
    }
  }

  @SuppressWarnings("unchecked") // erased: whatever it is, it goes on as it is
  private static <E extends Throwable> RuntimeException rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** The place in the application's code. */
  static String place(Method method) {
    return method.getDeclaringClass().getName() + "#" + method.getName();
  }

  @Override
  public String toString() {
    return place(method);
  }
}
