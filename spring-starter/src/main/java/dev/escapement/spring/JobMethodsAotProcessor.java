package dev.escapement.spring;

import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.JobReader;
import dev.escapement.JobType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Keeps the jobs of a bean in a native image: its annotated methods, which are found and called by
 * reflection, and what their payloads and results are made of.
 */
final class JobMethodsAotProcessor implements BeanRegistrationAotProcessor {

  private static final BindingReflectionHintsRegistrar BINDING =
      new BindingReflectionHintsRegistrar();

  @Override
  public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
    Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
    List<Method> methods = JobReader.methodsOf(type);
    Set<Type> payloads = new LinkedHashSet<>();
    methods.forEach(method -> payloads.addAll(writtenBy(method)));
    List<Field> constants = constantsOf(type);
    constants.forEach(constant -> payloads.addAll(payloadOf(constant)));
    if (Job.class.isAssignableFrom(type)) {
      ResolvableType payload = bean.getBeanType().as(Job.class).getGeneric();
      if (payload.resolve() != null) {
        payloads.add(payload.getType());
      }
    }
    payloads.removeAll(List.of(void.class, Void.class, JobContext.class));
    return methods.isEmpty() && payloads.isEmpty()
        ? null
        : new Contribution(type, methods, constants, payloads);
  }

  private static List<Type> writtenBy(Method method) {
    List<Type> types = new ArrayList<>(Arrays.asList(method.getGenericParameterTypes()));
    types.add(method.getGenericReturnType());
    return types;
  }

  /** They say what a job may be given, whoever enqueues it. */
  private static List<Field> constantsOf(Class<?> type) {
    return lineage(type)
        .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
        .filter(field -> field.getType() == JobType.class)
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .toList();
  }

  private static List<Type> payloadOf(Field constant) {
    ResolvableType payload = ResolvableType.forField(constant).getGeneric();
    return payload.resolve() == null ? List.of() : List.of(payload.getType());
  }

  private static Stream<Class<?>> lineage(Class<?> type) {
    Stream<Class<?>> upwards =
        Stream.iterate(type, each -> each != null && each != Object.class, Class::getSuperclass);
    return Stream.concat(upwards, ClassUtils.getAllInterfacesForClassAsSet(type).stream());
  }

  private record Contribution(
      Class<?> type, List<Method> methods, List<Field> constants, Set<Type> payloads)
      implements BeanRegistrationAotContribution {

    @Override
    public void applyTo(GenerationContext generation, BeanRegistrationCode code) {
      RuntimeHints hints = generation.getRuntimeHints();
      lineage(type)
          .forEach(
              each ->
                  hints.reflection().registerType(each, MemberCategory.INVOKE_DECLARED_METHODS));
      methods.forEach(method -> hints.reflection().registerMethod(method, ExecutableMode.INVOKE));
      constants.forEach(hints.reflection()::registerField);
      BINDING.registerReflectionHints(hints.reflection(), payloads.toArray(Type[]::new));
    }
  }
}
