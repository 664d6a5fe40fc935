package dev.escapement.spring.test;

import dev.escapement.testing.TestScheduler;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/** Makes the scheduler of a context new after each test, when its transaction is over. */
final class TestSchedulerReset implements TestExecutionListener, Ordered {

  /** Before TransactionalTestExecutionListener, 4000, and so called after it when a test ends. */
  private static final int ORDER = 3900;

  @Override
  public int getOrder() {
    return ORDER;
  }

  @Override
  public void afterTestMethod(TestContext test) {
    if (test.hasApplicationContext()
        && TestContextAnnotationUtils.hasAnnotation(
            test.getTestClass(), AutoConfigureTestScheduler.class)) {
      test.getApplicationContext()
          .getBeanProvider(TestScheduler.class)
          .forEach(TestScheduler::reset);
    }
  }
}
