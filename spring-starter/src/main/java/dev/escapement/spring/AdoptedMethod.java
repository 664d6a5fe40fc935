package dev.escapement.spring;

import dev.escapement.Handler;
import dev.escapement.JobContext;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A method without parameters as the code of a job. What it returns is nobody's, as in Spring, but
 * a future is waited for: the job isn't done before.
 */
record AdoptedMethod(BeanInvoker invoker, Method method) implements Handler.WithoutPayload {

  @Override
  public void run(JobContext context) {
    try {
      Object returned = invoker.invoke(method);
      if (returned instanceof Future<?> future) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw AdoptedMethod.<RuntimeException>rethrow(e.getCause() == null ? e : e.getCause());
    } catch (Throwable thrown) {
      throw AdoptedMethod.<RuntimeException>rethrow(thrown);
    }
  }

  @SuppressWarnings("unchecked") // erased: whatever it is, it goes on as it is
  private static <E extends Throwable> RuntimeException rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Override
  public String toString() {
    return BeanInvoker.placeOf(method);
  }
}
