package dev.escapement.spring;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Spring Boot's connection details, whose type has moved in Spring Boot 4. */
@Configuration(proxyBeanMethods = false)
class JdbcAddressConfiguration {

  private static final String BOOT_3 =
      "org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails";
  private static final String BOOT_4 =
      "org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails";

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = BOOT_3)
  @ConditionalOnSingleCandidate(type = BOOT_3)
  static class OnBoot3 {

    @Bean
    JdbcAddress escapementJdbcAddress(
        org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails details) {
      return new JdbcAddress(details.getJdbcUrl(), details.getUsername(), details.getPassword());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = BOOT_4)
  @ConditionalOnSingleCandidate(type = BOOT_4)
  static class OnBoot4 {

    @Bean
    JdbcAddress escapementJdbcAddress(
        org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails details) {
      return new JdbcAddress(details.getJdbcUrl(), details.getUsername(), details.getPassword());
    }
  }
}
