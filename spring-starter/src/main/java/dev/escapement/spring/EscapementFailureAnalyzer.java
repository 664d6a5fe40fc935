package dev.escapement.spring;

import dev.escapement.EscapementException;
import dev.escapement.jdbc.SchemaException;
import dev.escapement.store.TransientStoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what keeps an application from starting in place of a stack trace. */
final class EscapementFailureAnalyzer extends AbstractFailureAnalyzer<EscapementException> {

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable root, EscapementException cause) {
    if (cause instanceof SchemaException schema) {
      return new FailureAnalysis(
          schema.state() + ".",
          schema.remedy()
              + "; or set escapement.jdbc.migrate=always, and the application does it when it"
              + " starts.",
          cause);
    }
    return new FailureAnalysis(String.valueOf(cause.getMessage()), remedy(cause), cause);
  }

  private static @Nullable String remedy(EscapementException cause) {
    if (cause instanceof NoStoreException missing) {
      return missing.remedy();
    }
    return cause instanceof TransientStoreException
        ? "Start the store, or correct where the application looks for it. With"
            + " escapement.wait-for-store=true the application starts without it, and the"
            + " scheduler begins as soon as it is there."
        : null;
  }
}
