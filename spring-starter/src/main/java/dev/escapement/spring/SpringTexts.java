package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;

/** What the {@code ${placeholders}} and the {@code #{expressions}} of a text stand for. */
final class SpringTexts implements UnaryOperator<String> {

  private final EmbeddedValueResolver resolver;

  SpringTexts(ConfigurableBeanFactory beans) {
    this.resolver = new EmbeddedValueResolver(beans);
  }

  /**
   * @return empty if an expression says null
   * @throws InvalidDeclarationException if it can't be resolved
   */
  @Override
  public String apply(String text) {
    try {
      String resolved = resolver.resolveStringValue(text);
      return resolved == null ? "" : resolved;
    } catch (RuntimeException e) {
      throw new InvalidDeclarationException(
          "The text \"" + text + "\" can't be resolved. " + e.getMessage(), e);
    }
  }
}
