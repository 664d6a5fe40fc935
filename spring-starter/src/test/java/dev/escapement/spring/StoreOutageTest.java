package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.testpostgres.PostgresServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

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
      assertThat(Applications.health(context)).startsWith("UP");

      server.stop(PostgresServer.Stop.IMMEDIATE);
      long begun = System.nanoTime();
      assertThat(Applications.health(context)).startsWith("DOWN").contains("error");
      assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);

      server.start();
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (!Applications.health(context).startsWith("UP")) {
        assertThat(System.nanoTime()).as("the pool has the database again").isLessThan(deadline);
      }
    }
  }
}
