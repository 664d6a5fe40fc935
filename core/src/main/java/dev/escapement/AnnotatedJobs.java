package dev.escapement;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the jobs that an object's annotated methods declare, its own and inherited ones. */
final class AnnotatedJobs {

  private final Object bean;
  private final BeanClass beanClass;

  private AnnotatedJobs(Object bean) {
    this.bean = bean;
    this.beanClass = new BeanClass(bean.getClass());
  }

  /**
   * @throws InvalidDeclarationException if there are none, or a method can't be what its annotation
   *     says
   */
  static List<Job<?>> of(Object bean) {
    if (bean instanceof Class<?> type) {
      throw new InvalidDeclarationException(
          "Jobs are the methods of an object; give an instance of " + type.getName() + ".");
    }
    return new AnnotatedJobs(bean).read();
  }

  private List<Job<?>> read() {
    List<Method> methods = beanClass.methodsWith(Set.of(JobHandler.class, Recurring.class));
    if (methods.isEmpty()) {
      throw new InvalidDeclarationException(
          bean.getClass().getName()
              + " has no method with @JobHandler or @Recurring; annotate one. If it is a proxy,"
              + " give the object behind it.");
    }
    return methods.stream().<Job<?>>map(this::read).toList();
  }

  private Job<?> read(Method method) {
    JobHandler handler = method.getAnnotation(JobHandler.class);
    Recurring recurring = method.getAnnotation(Recurring.class);
    String name = handler != null ? handler.value() : recurring.name();
    try {
      if (handler == null) {
        return recurring(method, recurring);
      }
      if (recurring != null) {
        throw new InvalidDeclarationException(
            "It bears @JobHandler and @Recurring; make it two methods, each with a name.");
      }
      return enqueued(method, handler);
    } catch (InvalidDeclarationException e) {
      throw e.in(MethodHandler.place(method) + ", job " + Names.quote(name));
    }
  }

  private Job<?> enqueued(Method method, JobHandler said) {
    Job<?> job = job(type(said.value(), MethodHandler.payloadOf(method)), method);
    return job.with(SaidPolicy.of(said).on(job.policy()));
  }

  private <T> Job<T> job(JobType<T> type, Method method) {
    return Job.returning(type, MethodHandler.<T>of(bean, method));
  }

  /** A method without a payload may still run a job that has one. */
  private JobType<?> type(String name, Optional<Class<?>> taken) {
    Optional<JobType<?>> constant = beanClass.constant(name);
    if (constant.isEmpty()) {
      return JobType.of(name, taken.orElse(Void.class));
    }
    Class<?> given = constant.get().payload();
    if (taken.isPresent() && !taken.get().isAssignableFrom(given)) {
      throw new InvalidDeclarationException(
          "It takes "
              + taken.get().getName()
              + ", and the JobType constant of that name says "
              + given.getName()
              + "; make them the same.");
    }
    return constant.get();
  }

  private Job<?> recurring(Method method, Recurring said) {
    MethodHandler.payloadOf(method)
        .ifPresent(
            payload -> {
              throw new InvalidDeclarationException(
                  "It recurs and takes "
                      + payload.getName()
                      + ", which nobody enqueues; take a JobContext or nothing, or make it a"
                      + " @JobHandler.");
            });
    MethodHandler<Void> handler = MethodHandler.of(bean, method);
    Job<Void> job = Job.recurring(said.name(), RecurringSchedule.of(said), handler);
    return job.with(SaidPolicy.of(said).on(job.policy()));
  }
}
