package dev.escapement.spring;

import dev.escapement.InvalidDeclarationException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/** The application's {@code @Scheduled} methods as jobs, where that is asked for. */
@Configuration(proxyBeanMethods = false)
@Conditional(SaidCondition.AdoptsScheduled.class)
class AdoptionConfiguration {

  @Bean
  static BeanFactoryPostProcessor escapementScheduledProcessorSwap() {
    return AdoptionConfiguration::swap;
  }

  @Bean
  ScheduledAdoption escapementScheduledAdoption(
      ConfigurableListableBeanFactory beans, EscapementProperties properties) {
    return new ScheduledAdoption(beans, properties.adoptScheduledExcept());
  }

  /** Found by its type: the name of its definition isn't the same in all versions. */
  private static void swap(ConfigurableListableBeanFactory beans) {
    for (String name :
        beans.getBeanNamesForType(ScheduledAnnotationBeanPostProcessor.class, true, false)) {
      Class<?> type = beans.getType(name, false);
      if (type == AdoptingScheduledProcessor.class) {
        continue; // swapped when the application was prepared ahead of time
      }
      if (type != ScheduledAnnotationBeanPostProcessor.class) {
        throw new InvalidDeclarationException(
            "escapement.adopt-scheduled takes the place of Spring's processor of @Scheduled, and"
                + " the bean \""
                + name
                + "\" is another one, "
                + type
                + "; remove it, or leave escapement.adopt-scheduled away.");
      }
      BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beans;
      registry.removeBeanDefinition(name);
      RootBeanDefinition own = new RootBeanDefinition(AdoptingScheduledProcessor.class);
      own.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
      registry.registerBeanDefinition(name, own);
    }
  }
}
