package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.testpostgres.PostgresServer;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ReflectionUtils;

/** What health says while the database is away. */
class StoreOutageTest {

  @Test
  void withoutItsDatabaseTheSchedulerIsDownAndComesBack() throws Exception {
    try (PostgresServer server = PostgresServer.start(Map.of("fsync", "off"));
        ConfigurableApplicationContext context =
            Applications.run(
                "spring.datasource.url=" + server.url(),
                "spring.datasource.hikari.connection-timeout=1000",
                "escapement.jdbc.migrate=always")) {
      assertThat(health(context)).startsWith("UP");

      server.stop(PostgresServer.Stop.IMMEDIATE);
      long begun = System.nanoTime();
      assertThat(health(context)).startsWith("DOWN").contains("error");
      assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);

      server.start();
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (!health(context).startsWith("UP")) {
        assertThat(System.nanoTime()).as("the pool has the database again").isLessThan(deadline);
      }
    }
  }

  /** The type of an indicator isn't the same in each Spring Boot. */
  private static String health(ConfigurableApplicationContext context) {
    Object indicator = context.getBean("escapementHealthIndicator");
    Method health =
        Objects.requireNonNull(ReflectionUtils.findMethod(indicator.getClass(), "health"));
    ReflectionUtils.makeAccessible(health);
    return String.valueOf(ReflectionUtils.invokeMethod(health, indicator));
  }
}
