package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.Job;
import dev.escapement.JobHandler;
import dev.escapement.JobReader;
import dev.escapement.Recurring;
import dev.escapement.Scheduler;
import dev.escapement.schedule.CronDialect;
import dev.escapement.spring.BeanClasses.BeanClass;
import dev.escapement.testing.TestScheduler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;

/**
 * The jobs of a context's own beans: annotated methods, beans of the class {@link Job}, and adopted
 * {@code @Scheduled} methods, with what properties say of them. Read once all singletons have been
 * made, when the class of each is known and before a scheduler starts.
 */
final class BeanJobs implements SmartInitializingSingleton {

  private final ConfigurableListableBeanFactory beans;
  private final Map<String, JobProperties> properties;
  private final Environment environment;
  private final JobReader reader;
  private volatile @Nullable List<DeclaredJob> jobs;

  BeanJobs(
      ConfigurableListableBeanFactory beans,
      Map<String, JobProperties> properties,
      Environment environment) {
    this.beans = beans;
    this.properties = properties;
    this.environment = environment;
    this.reader = new JobReader().texts(new SpringTexts(beans)).sixFields(CronDialect.SPRING);
  }

  /**
   * A job.
   *
   * @param scheduler the name of the bean that runs it
   * @param place where it is declared
   */
  private record DeclaredJob(Job<?> job, String scheduler, String place) {

    DeclaredJob with(Job<?> other) {
      return new DeclaredJob(other, scheduler, place);
    }
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<DeclaredJob> found = new ArrayList<>();
    found.addAll(annotated());
    found.addAll(jobBeans());
    beans.getBeansOfType(ScheduledAdoption.class).values().stream()
        .flatMap(adoption -> adoption.adopted().stream())
        .map(method -> declared(method.job(), method.bean(), method.place()))
        .forEach(found::add);
    checkNames(found);
    checkSchedulers(found);
    jobs = overridden(found);
  }

  /**
   * The jobs that a scheduler runs.
   *
   * @param scheduler the name of its bean
   * @throws InvalidDeclarationException if there is no such bean
   * @throws IllegalStateException if the context isn't that far yet
   */
  List<Job<?>> of(String scheduler) {
    List<DeclaredJob> all = jobs;
    if (all == null) {
      throw new IllegalStateException(
          "The scheduler \""
              + scheduler
              + "\" can't be started while the beans of its context are being made; it starts by"
              + " itself when they are there.");
    }
    if (!schedulers().contains(scheduler)) {
      throw new InvalidDeclarationException(
          "A scheduler was made for a bean \""
              + scheduler
              + "\", and there is none of that name; there are "
              + schedulers()
              + ". Give SchedulerFactory.create(…) the name of the bean that it becomes.");
    }
    return all.stream()
        .filter(declared -> declared.scheduler().equals(scheduler))
        .<Job<?>>map(DeclaredJob::job)
        .toList();
  }

  private List<DeclaredJob> annotated() {
    List<DeclaredJob> found = new ArrayList<>();
    for (BeanClass bean : new BeanClasses(beans).with(BeanJobs::isJob)) {
      List<Method> methods = JobReader.methodsOf(bean.type());
      if (!methods.isEmpty()) {
        checkScope(bean, methods);
        read(bean, methods)
            .forEach(job -> found.add(declared(job, bean.name(), String.valueOf(job.code()))));
      }
    }
    return found;
  }

  private static boolean isJob(Method method) {
    return method.isAnnotationPresent(Recurring.class)
        || method.isAnnotationPresent(JobHandler.class);
  }

  private static void checkScope(BeanClass bean, List<Method> methods) {
    if (bean.scope() != null) {
      throw new InvalidDeclarationException(
          "Bean \""
              + bean.name()
              + "\" has the scope \""
              + bean.scope()
              + "\", and its methods "
              + methods.stream().map(BeanInvoker::placeOf).collect(Collectors.joining(", "))
              + " are jobs: nothing says which of its instances a scheduler should call. Make it a"
              + " singleton, or move the methods into one that asks an ObjectProvider for it.");
    }
  }

  private List<Job<?>> read(BeanClass bean, List<Method> methods) {
    BeanInvoker invoker = new BeanInvoker(beans, bean.name());
    try {
      for (Method method : methods) {
        invoker.check(method);
        checkScheduledBy(method);
      }
      return reader.read(bean.type(), invoker);
    } catch (InvalidDeclarationException e) {
      throw new InvalidDeclarationException("Bean \"" + bean.name() + "\": " + e.getMessage(), e);
    }
  }

  /**
   * @throws InvalidDeclarationException if a method says by itself which scheduler runs it
   */
  static void checkScheduledBy(Method method) {
    if (AnnotatedElementUtils.hasAnnotation(method, ScheduledBy.class)) {
      throw new InvalidDeclarationException(
          BeanInvoker.placeOf(method)
              + " bears @ScheduledBy, which says something of a whole bean; put it on the class, or"
              + " on the bean's @Bean method.");
    }
  }

  private List<DeclaredJob> jobBeans() {
    return Arrays.stream(beans.getBeanNamesForType(Job.class))
        .map(name -> declared(beans.getBean(name, Job.class), name, origin(name)))
        .toList();
  }

  private String origin(String bean) {
    if (!beans.containsBeanDefinition(bean)) {
      return "an object";
    }
    BeanDefinition definition = beans.getMergedBeanDefinition(bean);
    String where = definition.getResourceDescription();
    return where == null ? "a bean of its own" : where;
  }

  private DeclaredJob declared(Job<?> job, String bean, String place) {
    ScheduledBy said = beans.findAnnotationOnBean(bean, ScheduledBy.class, false);
    return new DeclaredJob(
        job,
        said == null ? EscapementAutoConfiguration.SCHEDULER : said.value(),
        place + " (bean \"" + bean + "\")");
  }

  private static void checkNames(List<DeclaredJob> found) {
    Map<List<String>, DeclaredJob> byName = new HashMap<>();
    for (DeclaredJob each : found) {
      String name = each.job().name();
      DeclaredJob other = byName.put(List.of(each.scheduler(), name), each);
      if (other != null) {
        throw new InvalidDeclarationException(
            "Two jobs bear the name \""
                + name
                + "\": "
                + other.place()
                + " and "
                + each.place()
                + ". Rename one of them.");
      }
    }
  }

  private SortedSet<String> schedulers() {
    return new TreeSet<>(List.of(beans.getBeanNamesForType(Scheduler.class, true, false)));
  }

  private void checkSchedulers(List<DeclaredJob> found) {
    SortedSet<String> known = schedulers();
    for (DeclaredJob each : found) {
      String name = each.scheduler();
      if (!known.contains(name)) {
        throw new InvalidDeclarationException(
            "Job \""
                + each.job().name()
                + "\", "
                + each.place()
                + ", is for the scheduler \""
                + name
                + "\", and no bean of this context is a Scheduler of that name; there are "
                + known
                + ". Name one of them with @ScheduledBy, or make it with a SchedulerFactory.");
      }
      Object scheduler = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
      if (scheduler != null
          && !(scheduler instanceof SpringScheduler)
          && !(scheduler instanceof TestScheduler)) {
        throw new InvalidDeclarationException(
            "Job \""
                + each.job().name()
                + "\", "
                + each.place()
                + ", would never run: the scheduler \""
                + name
                + "\" is the application's own, "
                + scheduler.getClass().getName()
                + ", and isn't told of the jobs of beans. Make it with a SchedulerFactory.");
      }
    }
  }

  private List<DeclaredJob> overridden(List<DeclaredJob> found) {
    JobOverrides overrides =
        new JobOverrides(properties, new PropertyOrigins(environment), names(found));
    return found.stream().map(each -> each.with(overrides.on(each.job()))).toList();
  }

  private static SortedSet<String> names(List<DeclaredJob> found) {
    return found.stream()
        .map(each -> each.job().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
