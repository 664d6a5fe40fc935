package dev.escapement.spring;

import dev.escapement.Backoff;
import dev.escapement.JobHandler;
import dev.escapement.OnMisfire;
import dev.escapement.Recurring;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What the library reaches by reflection, in a native image. */
final class EscapementRuntimeHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
    hints.resources().registerPattern("dev/escapement/jdbc/schema/**");
    hints.resources().registerPattern("dev/escapement/redis/*.lua");
    hints.proxies().registerJdkProxy(Connection.class);
    for (Class<?> annotation :
        List.of(Recurring.class, JobHandler.class, Backoff.class, OnMisfire.class)) {
      hints.proxies().registerJdkProxy(annotation);
      hints.reflection().registerType(annotation, MemberCategory.INVOKE_PUBLIC_METHODS);
    }
  }
}
