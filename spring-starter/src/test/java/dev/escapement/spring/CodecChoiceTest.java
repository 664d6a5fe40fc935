package dev.escapement.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escapement.PayloadCodec;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which Jackson writes payloads, and that the other may be missing. */
class CodecChoiceTest {

  private static final boolean BOOT_3 = SpringBootVersion.getVersion().startsWith("3.");
  private static final PayloadCodec OWN = PayloadCodec.json();

  @Configuration(proxyBeanMethods = false)
  static class OwnCodec {
    @Bean
    PayloadCodec own() {
      return OWN;
    }
  }

  @Test
  void itIsSpringBootsOwnUnlessTheApplicationHasOne() {
    try (ConfigurableApplicationContext context =
        Applications.run("escapement.enqueue-only=true")) {
      assertThat(context.getBeanProvider(PayloadCodec.class).stream().toList())
          .hasSize(BOOT_3 ? 1 : 0)
          .allMatch(Jackson2Codec.class::isInstance);
    }
    try (ConfigurableApplicationContext context =
        Applications.run(OwnCodec.class, "escapement.enqueue-only=true")) {
      assertThat(context.getBean(PayloadCodec.class)).isSameAs(OWN);
    }
  }

  @Test
  void springBoot3NeedsNoJackson3() throws Exception {
    assumeTrue(BOOT_3);
    String without3 = Jvm.classPath(path -> !path.contains("tools/jackson"));
    assertThat(without3).isNotEqualTo(Jvm.classPath(path -> true));

    assertThat(
            Jvm.run(without3, SmallApplication.class, "-Dspring.datasource.url=jdbc:h2:mem:small"))
        .contains("sent to Ann: hello", "Ticked: true", "Codec: [Jackson2Codec]");
  }

  @Test
  void springBoot4NeedsNoJackson2() throws Exception {
    assumeTrue(!BOOT_3);
    String without2 =
        Jvm.classPath(
            path -> !path.contains("fasterxml/jackson") || path.contains("jackson-annotations"));

    assertThat(
            Jvm.run(without2, SmallApplication.class, "-Dspring.datasource.url=jdbc:h2:mem:small"))
        .contains("sent to Ann: hello", "Ticked: true", "Codec: []");
  }
}
