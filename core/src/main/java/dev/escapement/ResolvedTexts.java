package dev.escapement;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An annotation whose texts are replaced by what they stand for, those of nested ones too. */
final class ResolvedTexts implements InvocationHandler {

  private final Annotation said;
  private final UnaryOperator<String> texts;

  private ResolvedTexts(Annotation said, UnaryOperator<String> texts) {
    this.said = said;
    this.texts = texts;
  }

  static <A extends Annotation> A of(Class<A> type, A said, UnaryOperator<String> texts) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, new ResolvedTexts(said, texts)));
  }

  @Override
  public @Nullable Object invoke(
      Object self, Method attribute, @Nullable Object @Nullable [] arguments) throws Throwable {
    Object value;
    try {
      value = attribute.invoke(said, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (value instanceof String text && isAttribute(attribute)) {
      return text.isEmpty() ? text : texts.apply(text);
    }
    return value instanceof Annotation nested ? nested(nested) : value;
  }

  private static boolean isAttribute(Method method) {
    return method.getParameterCount() == 0 && !method.getName().equals("toString");
  }

  private Object nested(Annotation nested) {
    return of(annotationType(nested), nested, texts);
  }

  @SuppressWarnings("unchecked") // an annotation is an instance of its type
  private static <A extends Annotation> Class<A> annotationType(Annotation annotation) {
    return (Class<A>) annotation.annotationType();
  }
}
