package dev.escapement.testing;

import dev.escapement.ExecutionInterceptor;
import dev.escapement.JobContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Throws what a test has planned, in place of a handler. */
final class PlannedFailures implements ExecutionInterceptor {

  private final Map<String, Deque<Throwable>> planned = new HashMap<>();

  void plan(String job, int times, Throwable failure) {
    Deque<Throwable> failures = planned.computeIfAbsent(job, any -> new ArrayDeque<>());
    for (int i = 0; i < times; i++) {
      failures.addLast(failure);
    }
  }

  @Override
  public @Nullable Object around(JobContext context, Invocation invocation) throws Exception {
    Throwable failure = planned.getOrDefault(context.job(), new ArrayDeque<>()).pollFirst();
    if (failure != null) {
      throw PlannedFailures.<Exception>asIs(failure);
    }
    return invocation.proceed();
  }

  /** Handlers throw whatever they like, so a test may plan whatever it likes. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E asIs(Throwable failure) throws E {
    throw (E) failure;
  }
}
