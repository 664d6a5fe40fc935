package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.schedule.Schedule;
import dev.escapement.spring.BeanClasses.BeanClass;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.Schedules;

/**
 * Decides which {@code @Scheduled} methods become jobs, and makes them. Spring's own processor is
 * asked to fire a method exactly if it isn't among them, in a process that runs no jobs too.
 */
final class ScheduledAdoption implements SmartInitializingSingleton {

  private static final Logger LOG = LoggerFactory.getLogger(ScheduledAdoption.class);

  private final ConfigurableListableBeanFactory beans;
  private final Set<String> except;
  private final BeanClasses classes;
  private final UnaryOperator<String> texts;
  private final Map<String, BeanClass> seen = new ConcurrentHashMap<>();
  private @Nullable List<Adopted> adopted;

  ScheduledAdoption(ConfigurableListableBeanFactory beans, List<String> except) {
    this.beans = beans;
    this.except = Set.copyOf(except);
    this.classes = new BeanClasses(beans);
    this.texts = new SpringTexts(beans);
  }

  /**
   * A method that has become a job.
   *
   * @param bean the bean's name
   * @param place where the method stands
   */
  record Adopted(String bean, Method method, Scheduled said, Job<Void> job, String place) {}

  /**
   * What a method is to become: a job with a schedule, or nothing.
   *
   * @param reason why nothing
   * @param unasked whether it could only be so
   */
  private record Decision(@Nullable Schedule schedule, String reason, boolean unasked) {

    static Decision left(String reason) {
      return new Decision(null, reason, false);
    }

    static Decision leftUnasked(String reason) {
      return new Decision(null, reason, true);
    }
  }

  @Override
  public void afterSingletonsInstantiated() {
    adopted();
  }

  /** All of them; not to be asked before the context's singletons have been made. */
  synchronized List<Adopted> adopted() {
    List<Adopted> found = adopted;
    if (found == null) {
      found = find();
      adopted = found;
    }
    return found;
  }

  /**
   * Whether Spring shall not fire a method.
   *
   * @param name of the bean that is being made
   * @param type its class
   * @throws InvalidDeclarationException if it is to be a job, and can't
   */
  boolean takes(String name, Class<?> type, Method method, Scheduled said) {
    BeanClass bean = bean(name, type);
    if (bean == null || decide(bean, method, said).schedule() == null) {
      return false;
    }
    List<Adopted> known;
    synchronized (this) {
      known = adopted;
    }
    if (known == null) {
      seen.put(name, bean);
      return true;
    }
    boolean isJob =
        known.stream()
            .anyMatch(
                job ->
                    job.bean().equals(name)
                        && job.method().equals(method)
                        && job.said().equals(said));
    if (!isJob) {
      LOG.warn(
          "@Scheduled {} is fired by every replica: its bean {} was made late, and nothing said"
              + " before that it is of this class. Let its @Bean method return {}, or don't make it"
              + " lazy",
          BeanInvoker.placeOf(method),
          name,
          type.getSimpleName());
    }
    return isJob;
  }

  /** Null for what isn't found by that name. */
  private @Nullable BeanClass bean(String name, Class<?> type) {
    if (FactoryBean.class.isAssignableFrom(type) || !beans.containsLocalBean(name)) {
      return null;
    }
    return new BeanClass(name, type, classes.scope(name));
  }

  private List<Adopted> find() {
    if (beans.getBeanNamesForType(AdoptingScheduledProcessor.class, true, false).length == 0) {
      LOG.info(
          "escapement.adopt-scheduled is true, and no @Scheduled method is adopted: without"
              + " @EnableScheduling none is meant to be fired");
      return List.of();
    }
    List<Adopted> found = new ArrayList<>();
    Set<String> unknown = new TreeSet<>(except);
    for (BeanClass bean : candidates()) {
      Map<Method, Set<Scheduled>> methods = methods(bean.type());
      unknown.remove(bean.name());
      methods.keySet().forEach(method -> unknown.remove(bean.name() + "." + method.getName()));
      adopt(bean, methods, found);
    }
    if (!unknown.isEmpty()) {
      throw new InvalidDeclarationException(
          "escapement.adopt-scheduled-except names "
              + unknown.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "))
              + ", and there is no bean of that name with a @Scheduled method; write bean names, or"
              + " bean-name.method.");
    }
    return List.copyOf(found);
  }

  /** What has been taken from Spring is among them, whatever its definition says of its class. */
  private Collection<BeanClass> candidates() {
    Map<String, BeanClass> candidates = new TreeMap<>();
    classes
        .with(method -> !scheduled(method).isEmpty())
        .forEach(bean -> candidates.put(bean.name(), bean));
    candidates.putAll(seen);
    return candidates.values();
  }

  private static Set<Scheduled> scheduled(Method method) {
    return AnnotatedElementUtils.getMergedRepeatableAnnotations(
        method, Scheduled.class, Schedules.class);
  }

  private static Map<Method, Set<Scheduled>> methods(Class<?> type) {
    return MethodIntrospector.selectMethods(
        type,
        (Method method) -> {
          Set<Scheduled> said = scheduled(method);
          return said.isEmpty() ? null : said;
        });
  }

  /** In an order that doesn't change: a class has its methods in none. */
  private void adopt(BeanClass bean, Map<Method, Set<Scheduled>> methods, List<Adopted> found) {
    Comparator<Method> fromBelow =
        Comparator.comparing(method -> -depth(method.getDeclaringClass()));
    List<Method> inOrder =
        methods.keySet().stream()
            .sorted(Comparator.comparing(Method::getName).thenComparing(fromBelow))
            .toList();
    Set<String> names = new HashSet<>();
    for (Method method : inOrder) {
      for (Scheduled said : Objects.requireNonNull(methods.get(method))) {
        String name = free(name(bean, method), names);
        Decision decision = decide(bean, method, said);
        String place = BeanInvoker.placeOf(method);
        Schedule schedule = decision.schedule();
        if (schedule == null) {
          LOG.atLevel(decision.unasked() ? Level.INFO : Level.DEBUG)
              .log(
                  "@Scheduled {} of bean {} stays with Spring on every replica: {}",
                  place,
                  bean.name(),
                  decision.reason());
        } else {
          found.add(
              new Adopted(bean.name(), method, said, job(bean, method, name, schedule), place));
          tellOfScheduler(said, place);
          LOG.info(
              "Job \"{}\" is the @Scheduled method {} of bean {}, fired by one replica: {}",
              name,
              place,
              bean.name(),
              schedule);
        }
      }
    }
  }

  private static void tellOfScheduler(Scheduled said, String place) {
    if (!said.scheduler().isEmpty()) {
      LOG.debug(
          "@Scheduled(scheduler = \"{}\") of {} says nothing of a job; see @ScheduledBy",
          said.scheduler(),
          place);
    }
  }

  private static int depth(Class<?> type) {
    return type.getSuperclass() == null ? 0 : 1 + depth(type.getSuperclass());
  }

  private static String free(String name, Set<String> taken) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "#" + i;
    }
    return free;
  }

  private String name(BeanClass bean, Method method) {
    JobName said = AnnotatedElementUtils.findMergedAnnotation(method, JobName.class);
    return said == null ? bean.name() + "." + method.getName() : texts.apply(said.value());
  }

  private Decision decide(BeanClass bean, Method method, Scheduled said) {
    Decision left = leave(bean, method);
    if (left != null) {
      return left;
    }
    try {
      return ScheduledTimes.read(said, texts)
          .map(schedule -> new Decision(schedule, "", false))
          .orElseGet(() -> Decision.leftUnasked("it doesn't recur"));
    } catch (InvalidDeclarationException e) {
      throw in(bean, method, e);
    }
  }

  private @Nullable Decision leave(BeanClass bean, Method method) {
    if (!isOwn(bean.type())) {
      String reason = "its class isn't in the application's packages";
      boolean framework = bean.type().getName().startsWith("org.springframework.");
      return framework ? Decision.left(reason) : Decision.leftUnasked(reason);
    }
    if (except.contains(bean.name()) || except.contains(bean.name() + "." + method.getName())) {
      return Decision.left("escapement.adopt-scheduled-except names it");
    }
    if (AnnotatedElementUtils.hasAnnotation(method, EveryNode.class)
        || AnnotatedElementUtils.hasAnnotation(bean.type(), EveryNode.class)) {
      return Decision.left("it bears @EveryNode");
    }
    if (bean.scope() != null) {
      return Decision.leftUnasked("its bean is no singleton");
    }
    // A suspending function of Kotlin has a parameter, too.
    if (method.getParameterCount() > 0
        || ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) != null) {
      return Decision.leftUnasked("what it returns is reactive, or it takes something");
    }
    return null;
  }

  private boolean isOwn(Class<?> type) {
    return AutoConfigurationPackages.has(beans)
        && AutoConfigurationPackages.get(beans).stream()
            .anyMatch(own -> own.isEmpty() || (type.getPackageName() + ".").startsWith(own + "."));
  }

  private Job<Void> job(BeanClass bean, Method method, String name, Schedule schedule) {
    BeanInvoker invoker = new BeanInvoker(beans, bean.name());
    try {
      invoker.check(method);
      BeanJobs.checkScheduledBy(method);
      return Job.recurring(name, schedule, new AdoptedMethod(invoker, method));
    } catch (InvalidDeclarationException e) {
      throw in(bean, method, e);
    }
  }

  private static InvalidDeclarationException in(
      BeanClass bean, Method method, InvalidDeclarationException fault) {
    return new InvalidDeclarationException(
        "Bean \""
            + bean.name()
            + "\", @Scheduled "
            + BeanInvoker.placeOf(method)
            + ": "
            + fault.getMessage(),
        fault);
  }
}
