package dev.escapement.spring.test;

import dev.escapement.testing.TestScheduler;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives a test of a Spring Boot application a {@link TestScheduler} in place of its scheduler: with
 * the jobs of its beans, in memory, with a clock that the test turns. Nothing fires by itself, and
 * no tables are looked for, nor a DataSource.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureTestScheduler
 * class ShopTest {
 *   @Autowired TestScheduler scheduler;
 *   @Autowired Shop shop;
 *
 *   @Test
 *   void aBookIsInvoicedOvernight() {
 *     shop.buy("a book");
 *     scheduler.assertEnqueued(INVOICE);
 *     scheduler.advance(Duration.ofDays(1));
 *     assertThat(scheduler.executed(INVOICE)).hasSize(1);
 *   }
 * }
 * }</pre>
 *
 * <p>After each test method the scheduler is {@linkplain TestScheduler#reset() as new}, though the
 * context is kept.
 *
 * <p>Where there is a DataSource, what is enqueued in a transaction of Spring's is there at once,
 * and is cancelled if it is rolled back, as a {@code @Transactional} test is at its end. Handlers
 * run on the test's thread, so they are in its transaction too.
 *
 * <p>The scheduler knows its jobs when all beans have been made; what uses it earlier, like a
 * {@code @PostConstruct} method, fails. Further schedulers that the application makes with a {@link
 * dev.escapement.spring.SchedulerFactory} stay as they are.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureTestScheduler {}
