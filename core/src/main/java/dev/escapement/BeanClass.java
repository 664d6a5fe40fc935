package dev.escapement;

import java.lang.annotation.Annotation;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A class with all that it inherits, private members too, as the annotation reader sees it.
 *
 * <p>Of a method and those that it overrides only the lowest counts: an override without annotation
 * is no job, whatever the method above it says.
 */
final class BeanClass {

  private final Set<Class<?>> lineage = new LinkedHashSet<>();

  BeanClass(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      lineage.add(c);
    }
    List.copyOf(lineage).forEach(this::addInterfacesOf);
  }

  private void addInterfacesOf(Class<?> type) {
    for (Class<?> each : type.getInterfaces()) {
      lineage.add(each);
      addInterfacesOf(each);
    }
  }

  /** The methods that bear one of the annotations, from the class upwards, by name. */
  List<Method> methodsWith(Set<Class<? extends Annotation>> annotations) {
    List<Method> seen = new ArrayList<>();
    List<Method> found = new ArrayList<>();
    for (Class<?> type : lineage) {
      Method[] declared = type.getDeclaredMethods();
      Arrays.sort(declared, Comparator.comparing(Method::getName));
      for (Method method : declared) {
        boolean overridden = seen.stream().anyMatch(lower -> overrides(lower, method));
        boolean marked = annotations.stream().anyMatch(method::isAnnotationPresent);
        if (marked && !overridden && !method.isBridge()) {
          found.add(method);
        }
      }
      Arrays.stream(declared)
          .filter(method -> standsForItsOwn(method, declared))
          .forEach(seen::add);
    }
    return found;
  }

  private static boolean overrides(Method lower, Method upper) {
    return lower.getName().equals(upper.getName())
        && Arrays.equals(lower.getParameterTypes(), upper.getParameterTypes())
        && !Modifier.isStatic(lower.getModifiers() | upper.getModifiers())
        && isVisibleTo(lower.getDeclaringClass(), upper);
  }

  private static boolean isVisibleTo(Class<?> lower, Method upper) {
    int modifiers = upper.getModifiers();
    if (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers)) {
      return true;
    }
    return !Modifier.isPrivate(modifiers)
        && lower.getPackageName().equals(upper.getDeclaringClass().getPackageName());
  }

  /**
   * A bridge that the compiler made for an override with narrower parameters does override. One
   * that only makes an inherited method of a package-private class visible has no method of its own
   * class behind it.
   */
  private static boolean standsForItsOwn(Method method, Method[] siblings) {
    return !method.isBridge()
        || Arrays.stream(siblings)
            .anyMatch(other -> !other.isBridge() && isNarrower(other, method));
  }

  private static boolean isNarrower(Method method, Method bridge) {
    Class<?>[] narrow = method.getParameterTypes();
    Class<?>[] wide = bridge.getParameterTypes();
    if (!method.getName().equals(bridge.getName()) || narrow.length != wide.length) {
      return false;
    }
    for (int i = 0; i < narrow.length; i++) {
      if (!wide[i].isAssignableFrom(narrow[i])) {
        return false;
      }
    }
    return true;
  }

  /** The {@code static final JobType} that bears the name, if the class has one. */
  Optional<JobType<?>> constant(String name) {
    for (Class<?> type : lineage) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == JobType.class
            && Modifier.isStatic(field.getModifiers())
            && Modifier.isFinal(field.getModifiers())
            && read(field) instanceof JobType<?> constant
            && constant.name().equals(name)) {
          return Optional.of(constant);
        }
      }
    }
    return Optional.empty();
  }

  private static Object read(Field constant) {
    try {
      return open(constant).get(null);
    } catch (IllegalAccessException e) {
      throw new InvalidDeclarationException(constant + " can't be read.", e);
    }
  }

  /**
   * Makes a member of the class accessible.
   *
   * @throws InvalidDeclarationException if its module forbids it
   */
  static <M extends AccessibleObject & Member> M open(M member) {
    try {
      member.setAccessible(true);
      return member;
    } catch (InaccessibleObjectException e) {
      Class<?> owner = member.getDeclaringClass();
      throw new InvalidDeclarationException(
          member
              + " is closed to the scheduler; say \"opens "
              + owner.getPackageName()
              + ";\" in the module-info of "
              + owner.getModule().getName()
              + ".",
          e);
    }
  }
}
