package dev.escapement.spring;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Spring Boot's Redis only for applications that say where theirs is: its client is on the class
 * path of all tests.
 */
final class RedisWhereItIsNamed implements AutoConfigurationImportFilter, EnvironmentAware {

  private boolean named;

  @Override
  public void setEnvironment(Environment environment) {
    named =
        Binder.get(environment)
            .bind("spring.data.redis", Bindable.mapOf(String.class, String.class))
            .isBound();
  }

  @Override
  public boolean[] match(String[] classes, AutoConfigurationMetadata metadata) {
    boolean[] wanted = new boolean[classes.length];
    for (int i = 0; i < classes.length; i++) {
      wanted[i] = named || classes[i] == null || !classes[i].contains(".redis.");
    }
    return wanted;
  }
}
