package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ReflectionUtils;

/** Real applications, started as {@code main} would, each with a database of its own. */
final class Applications {

  /** For an application whose class path has a driver, and that has no database all the same. */
  static final String NO_DATABASE =
      "spring.autoconfigure.exclude="
          + String.join(
              ",",
              List.of(
                  "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
                  "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"));

  /** For an application that keeps its data with JDBC alone. */
  static final String WITHOUT_JPA =
      "spring.autoconfigure.exclude="
          + String.join(
              ",",
              List.of(
                  "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
                  "org.springframework.boot.autoconfigure.data.jpa.JpaRepositoriesAutoConfiguration",
                  "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
                  "org.springframework.boot.data.jpa.autoconfigure"
                      + ".DataJpaRepositoriesAutoConfiguration"));

  private static final String URL = "spring.datasource.url=";

  private Applications() {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Plain {}

  /** Without web server and endpoints. */
  static ConfigurableApplicationContext run(String... properties) {
    return run(List.of(), properties);
  }

  static ConfigurableApplicationContext run(Class<?> configuration, String... properties) {
    return run(List.of(configuration), properties);
  }

  static ConfigurableApplicationContext run(List<Class<?>> configurations, String... properties) {
    List<Class<?>> sources = new ArrayList<>(configurations);
    sources.add(Plain.class);
    SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLogStartupInfo(false);
    return application.run(arguments(properties));
  }

  private static String[] arguments(String... properties) {
    List<String> arguments = new ArrayList<>();
    if (Arrays.stream(properties).noneMatch(said -> said.startsWith(URL))) {
      arguments.add("--" + URL + "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }
    arguments.add("--spring.main.banner-mode=off");
    Arrays.stream(properties).map(property -> "--" + property).forEach(arguments::add);
    return arguments.toArray(String[]::new);
  }

  /** What its health indicator says: the type of one isn't the same in each Spring Boot. */
  static String health(ConfigurableApplicationContext context) {
    Object indicator = context.getBean("escapementHealthIndicator");
    Method health =
        Objects.requireNonNull(ReflectionUtils.findMethod(indicator.getClass(), "health"));
    ReflectionUtils.makeAccessible(health);
    return String.valueOf(ReflectionUtils.invokeMethod(health, indicator));
  }

  /** What the start fails with, as its log shows it. */
  static FailureAnalysis failure(String... properties) {
    return failure(List.of(), properties);
  }

  static FailureAnalysis failure(List<Class<?>> configurations, String... properties) {
    try (ConfigurableApplicationContext context = run(configurations, properties)) {
      throw new AssertionError("It has started: " + context);
    } catch (RuntimeException e) {
      FailureAnalysis analysis = new EscapementFailureAnalyzer().analyze(e);
      assertThat(analysis).as("%s", e).isNotNull();
      return Objects.requireNonNull(analysis);
    }
  }
}
