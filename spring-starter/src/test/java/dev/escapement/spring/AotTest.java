package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escapement.Backoff;
import dev.escapement.JobHandler;
import dev.escapement.OnMisfire;
import dev.escapement.Recurring;
import dev.escapement.SchedulerClient;
import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;
import org.springframework.core.ResolvableType;

/** Applications that are prepared at build time, as for a native image. */
@SuppressWarnings("removal") // the predicates that Spring Boot 3 has
class AotTest {

  @Test
  void anApplicationStartsFromGeneratedCode(@TempDir Path folder) throws Exception {
    Path sources = folder.resolve("sources");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Settings settings =
        Settings.builder()
            .sourceOutput(sources)
            .resourceOutput(folder.resolve("resources"))
            .classOutput(classes)
            .groupId("dev.escapement")
            .artifactId("small")
            .build();
    new SpringApplicationAotProcessor(
            SmallApplication.class,
            settings,
            new String[] {"--spring.datasource.url=jdbc:h2:mem:" + folder.getFileName()})
        .process();
    compile(sources, classes);

    String printed =
        Jvm.run(
            classes + File.pathSeparator + Jvm.classPath(path -> true),
            SmallApplication.class,
            "-Dspring.aot.enabled=true",
            "-Dspring.datasource.url=jdbc:h2:mem:small");

    assertThat(printed).contains("Generated: true", "sent to Ann: hello", "Ticked: true");
  }

  private static void compile(Path sources, Path classes) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> found = Files.walk(sources)) {
      List<Path> generated = found.filter(path -> path.toString().endsWith(".java")).toList();
      boolean compiled =
          compiler
              .getTask(
                  errors,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-nowarn",
                      "-d",
                      classes.toString(),
                      "-cp",
                      classes + File.pathSeparator + Jvm.classPath(path -> true)),
                  null,
                  files.getJavaFileObjectsFromPaths(generated))
              .call();
      assertThat(compiled).as("%s", errors).isTrue();
    }
  }

  @Test
  void whatTheLibraryReachesByReflectionIsKept() {
    RuntimeHints hints = new RuntimeHints();
    new EscapementRuntimeHints().registerHints(hints, AotTest.class.getClassLoader());

    assertThat(
            List.of(
                "jdbc/schema/h2/V1__movement.sql",
                "jdbc/schema/postgresql/V3__life.sql",
                "jdbc/schema/postgresql/optional/partitions.sql",
                "redis/claim.lua"))
        .allSatisfy(
            file -> {
              String path = "dev/escapement/" + file;
              assertThat(AotTest.class.getClassLoader().getResource(path)).isNotNull();
              assertThat(RuntimeHintsPredicates.resource().forResource(path)).accepts(hints);
            });
    assertThat(List.of(Recurring.class, JobHandler.class, Backoff.class, OnMisfire.class))
        .allSatisfy(
            annotation -> {
              assertThat(RuntimeHintsPredicates.proxies().forInterfaces(annotation)).accepts(hints);
              assertThat(annotation.getDeclaredMethods())
                  .allSatisfy(
                      method ->
                          assertThat(RuntimeHintsPredicates.reflection().onMethod(method).invoke())
                              .accepts(hints));
            });
    assertThat(RuntimeHintsPredicates.proxies().forInterfaces(Connection.class)).accepts(hints);
  }

  @Test
  void theJobsOfBeansAreKeptWithTheirPayloads() throws Exception {
    RuntimeHints hints = hintsOf(new RootBeanDefinition(SmallApplication.Office.class));

    assertThat(
            RuntimeHintsPredicates.reflection()
                .onMethod(
                    SmallApplication.Office.class.getDeclaredMethod(
                        "send", SmallApplication.Parcel.class))
                .invoke())
        .accepts(hints);
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onField(SmallApplication.Office.class.getDeclaredField("SEND")))
        .accepts(hints);
    for (Class<?> written : List.of(SmallApplication.Parcel.class, SmallApplication.Letter.class)) {
      assertThat(
              RuntimeHintsPredicates.reflection()
                  .onConstructor(written.getDeclaredConstructors()[0])
                  .invoke())
          .accepts(hints);
      assertThat(
              RuntimeHintsPredicates.reflection()
                  .onMethod(written.getRecordComponents()[0].getAccessor())
                  .invoke())
          .accepts(hints);
    }
  }

  @Test
  void thePayloadOfAJobBeanIsKept() throws Exception {
    RootBeanDefinition definition = new RootBeanDefinition();
    definition.setTargetType(
        ResolvableType.forMethodReturnType(
            SmallApplication.class.getDeclaredMethod("post", SchedulerClient.class)));

    assertThat(
            RuntimeHintsPredicates.reflection()
                .onConstructor(SmallApplication.Letter.class.getDeclaredConstructors()[0])
                .invoke())
        .accepts(hintsOf(definition));
  }

  @Test
  void otherBeansAreLeftAlone() {
    assertThat(contribution(new RootBeanDefinition(String.class))).isNull();
  }

  @SuppressWarnings("NullAway") // the registration's code isn't looked at
  private static RuntimeHints hintsOf(RootBeanDefinition definition) {
    TestGenerationContext generation = new TestGenerationContext();
    Objects.requireNonNull(contribution(definition)).applyTo(generation, null);
    return generation.getRuntimeHints();
  }

  private static @Nullable BeanRegistrationAotContribution contribution(
      RootBeanDefinition definition) {
    DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    beans.registerBeanDefinition("bean", definition);
    return new JobMethodsAotProcessor().processAheadOfTime(RegisteredBean.of(beans, "bean"));
  }
}
