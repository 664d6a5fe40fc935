package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** Where properties stand, for those who have to change them. */
final class PropertyOrigins {

  private static final ConfigurationPropertyName JOBS =
      ConfigurationPropertyName.of("escapement.jobs");

  private final Environment environment;

  PropertyOrigins(Environment environment) {
    this.environment = environment;
  }

  /**
   * What is said of a job, each with name, value and origin, in lines.
   *
   * @param key the job's name as it stands in the properties
   * @param asked which of its properties, like {@code retry.max}; empty for all
   */
  String of(String key, Set<String> asked) {
    Map<String, String> lines = new LinkedHashMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        for (ConfigurationPropertyName name : namesOf(iterable, key)) {
          String property = propertyOf(name);
          if (asked.isEmpty() || asked.stream().anyMatch(one -> uniform(one).equals(property))) {
            ConfigurationProperty found = iterable.getConfigurationProperty(name);
            if (found != null) {
              lines.putIfAbsent(property, line(found));
            }
          }
        }
      }
    }
    return lines.isEmpty()
        ? JOBS + "." + key
        : lines.values().stream().collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<ConfigurationPropertyName> namesOf(
      IterableConfigurationPropertySource source, String key) {
    List<ConfigurationPropertyName> names = new ArrayList<>();
    for (ConfigurationPropertyName name : source) {
      if (JOBS.isAncestorOf(name) && isKey(name, key)) {
        names.add(name);
      }
    }
    return names;
  }

  private static boolean isKey(ConfigurationPropertyName name, String key) {
    return uniform(name.getElement(JOBS.getNumberOfElements(), Form.ORIGINAL)).equals(uniform(key));
  }

  private static String propertyOf(ConfigurationPropertyName name) {
    return uniform(name.subName(JOBS.getNumberOfElements() + 1).toString());
  }

  /** As Spring Boot compares names. */
  static String uniform(String name) {
    return Arrays.stream(name.split("[^\\p{L}\\p{N}.#]+", -1))
        .collect(Collectors.joining())
        .toLowerCase(Locale.ROOT);
  }

  /** A property with its value and its origin; its name alone if it isn't found as that. */
  static String line(Environment environment, String name) {
    ConfigurationPropertyName asked = ConfigurationPropertyName.of(name);
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      ConfigurationProperty found = source.getConfigurationProperty(asked);
      if (found != null) {
        return line(found);
      }
    }
    return name;
  }

  /** The properties below a name, each with value and origin. */
  static List<String> linesBelow(Environment environment, String name) {
    ConfigurationPropertyName parent = ConfigurationPropertyName.of(name);
    Map<ConfigurationPropertyName, String> lines = new LinkedHashMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        iterable.stream()
            .filter(parent::isAncestorOf)
            .map(iterable::getConfigurationProperty)
            .filter(Objects::nonNull)
            .forEach(found -> lines.putIfAbsent(found.getName(), line(found)));
      }
    }
    return List.copyOf(lines.values());
  }

  /**
   * Tells a builder what a property says, if it says something. What can't be is refused with the
   * property, its value and its place.
   */
  static <T> void tell(
      Environment environment, String name, @Nullable T value, Consumer<T> setter) {
    if (value == null) {
      return;
    }
    try {
      setter.accept(value);
    } catch (InvalidDeclarationException e) {
      throw new InvalidDeclarationException(line(environment, name) + ": " + e.getMessage(), e);
    }
  }

  private static String line(ConfigurationProperty property) {
    Origin origin = Origin.from(property);
    return property.getName() + " = " + property.getValue() + from(origin);
  }

  private static String from(@Nullable Origin origin) {
    return origin == null ? "" : " (" + origin + ")";
  }
}
