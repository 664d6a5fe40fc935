package dev.escapement;

import dev.escapement.schedule.CronDialect;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the jobs that annotated methods declare, own and inherited ones. {@link Job#annotated} is
 * for an object at hand; this is for frameworks, which make objects late, call them through
 * proxies, and have words of their own in texts. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * new JobReader().texts(environment::resolvePlaceholders).read(Billing.class, invoker)
 * }</pre>
 */
public final class JobReader {

  private final UnaryOperator<String> texts;
  private final @Nullable CronDialect sixFields;

  /** Takes texts as they are, and cron expressions of six fields only if they are unambiguous. */
  public JobReader() {
    this(UnaryOperator.identity(), null);
  }

  private JobReader(UnaryOperator<String> texts, @Nullable CronDialect sixFields) {
    this.texts = texts;
    this.sixFields = sixFields;
  }

  /**
   * Turns each text in an annotation into what it stands for, before it is read. What the resolver
   * throws passes through.
   */
  public JobReader texts(UnaryOperator<String> resolver) {
    return new JobReader(resolver, sixFields);
  }

  /** Whose expressions those of six fields are where {@link Recurring#dialect()} says nothing. */
  public JobReader sixFields(CronDialect dialect) {
    return new JobReader(texts, dialect);
  }

  /** The methods of a class that bear one of the annotations. */
  public static List<Method> methodsOf(Class<?> type) {
    return new BeanClass(type).methodsWith(Set.of(JobHandler.class, Recurring.class));
  }

  /**
   * The jobs of a class, whose methods are called through the invoker.
   *
   * @return none, if no method bears an annotation
   * @throws InvalidDeclarationException if a method can't be what its annotation says
   */
  public List<Job<?>> read(Class<?> type, MethodInvoker invoker) {
    return read(type, method -> MethodHandler.through(invoker, method));
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
    List<Job<?>> jobs =
        new JobReader().read(bean.getClass(), method -> MethodHandler.of(bean, method));
    if (jobs.isEmpty()) {
      throw new InvalidDeclarationException(
          bean.getClass().getName()
              + " has no method with @JobHandler or @Recurring; annotate one. If it is a proxy,"
              + " give the object behind it.");
    }
    return jobs;
  }

  private List<Job<?>> read(Class<?> type, Function<Method, MethodHandler<?>> code) {
    BeanClass beanClass = new BeanClass(type);
    return methodsOf(type).stream().<Job<?>>map(method -> read(beanClass, method, code)).toList();
  }

  private Job<?> read(BeanClass beanClass, Method method, Function<Method, MethodHandler<?>> code) {
    JobHandler handler = resolved(method, JobHandler.class);
    Recurring recurring = resolved(method, Recurring.class);
    String name = handler != null ? handler.value() : Objects.requireNonNull(recurring).name();
    try {
      if (handler == null) {
        return recurring(method, Objects.requireNonNull(recurring), code);
      }
      if (recurring != null) {
        throw new InvalidDeclarationException(
            "It bears @JobHandler and @Recurring; make it two methods, each with a name.");
      }
      return enqueued(beanClass, method, handler, code);
    } catch (InvalidDeclarationException e) {
      throw e.in(MethodHandler.place(method) + ", job " + Names.quote(name));
    }
  }

  private <A extends Annotation> @Nullable A resolved(Method method, Class<A> type) {
    A said = method.getAnnotation(type);
    return said == null ? null : ResolvedTexts.of(type, said, texts);
  }

  private static Job<?> enqueued(
      BeanClass beanClass,
      Method method,
      JobHandler said,
      Function<Method, MethodHandler<?>> code) {
    JobType<?> type = type(beanClass, said.value(), MethodHandler.payloadOf(method));
    Job<?> job = job(type, code.apply(method));
    return job.policy(SaidPolicy.of(said).on(job.policy()));
  }

  @SuppressWarnings("unchecked") // the payload was checked against what the method takes
  private static <T> Job<T> job(JobType<T> type, MethodHandler<?> code) {
    return Job.returning(type, (MethodHandler<T>) code);
  }

  /** A method without a payload may still run a job that has one. */
  private static JobType<?> type(BeanClass beanClass, String name, Optional<Class<?>> taken) {
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

  @SuppressWarnings("unchecked") // it takes no payload
  private Job<?> recurring(Method method, Recurring said, Function<Method, MethodHandler<?>> code) {
    MethodHandler.payloadOf(method)
        .ifPresent(
            payload -> {
              throw new InvalidDeclarationException(
                  "It recurs and takes "
                      + payload.getName()
                      + ", which nobody enqueues; take a JobContext or nothing, or make it a"
                      + " @JobHandler.");
            });
    Job<Void> job =
        Job.recurring(
            said.name(),
            RecurringSchedule.of(said, sixFields),
            (MethodHandler<Void>) code.apply(method));
    return job.policy(SaidPolicy.of(said).on(job.policy()));
  }
}
