package dev.escapement.spring;

import dev.escapement.PayloadCodec;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Payloads by Jackson 2 where that is what Spring Boot has, and an application may leave 3 out. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration",
      "com.fasterxml.jackson.databind.json.JsonMapper",
      "com.fasterxml.jackson.datatype.jdk8.Jdk8Module",
      "com.fasterxml.jackson.datatype.jsr310.JavaTimeModule",
      "com.fasterxml.jackson.module.paramnames.ParameterNamesModule",
    })
@ConditionalOnMissingBean(PayloadCodec.class)
class Jackson2Configuration {

  @Bean
  PayloadCodec escapementPayloadCodec() {
    return new Jackson2Codec();
  }
}
