package dev.escapement.spring;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;

/** Which of the application's beans the store is to use. */
final class JdbcBeans {

  private static final boolean JPA =
      ClassUtils.isPresent(
          "org.springframework.orm.jpa.JpaTransactionManager", JdbcBeans.class.getClassLoader());

  private final ConfigurableListableBeanFactory beans;
  private final EscapementProperties.Jdbc said;

  JdbcBeans(ConfigurableListableBeanFactory beans, EscapementProperties.Jdbc said) {
    this.beans = beans;
    this.said = said;
  }

  /**
   * The one that is named or qualified, or the only or primary one; the pool itself, not a proxy
   * that follows transactions.
   */
  DataSource dataSource() {
    DataSource source =
        said.dataSource() == null
            ? byType()
            : named(said.dataSource(), DataSource.class, "data-source");
    while (source instanceof TransactionAwareDataSourceProxy proxy) {
      source = Objects.requireNonNull(proxy.getTargetDataSource());
    }
    return source;
  }

  private DataSource byType() {
    String[] qualified = beans.getBeanNamesForAnnotation(EscapementDataSource.class);
    List<String> marked =
        Arrays.stream(qualified).filter(name -> beans.isTypeMatch(name, DataSource.class)).toList();
    if (marked.size() == 1) {
      return beans.getBean(marked.get(0), DataSource.class);
    }
    if (marked.size() > 1) {
      throw new NoStoreException(
          "The DataSources " + marked + " all bear @EscapementDataSource.",
          "Leave it at the one that the scheduler's tables stand in.");
    }
    try {
      return beans.getBean(DataSource.class);
    } catch (NoUniqueBeanDefinitionException e) {
      throw new NoStoreException(
          "There are several DataSources: " + e.getBeanNamesFound() + ", and none is primary.",
          "Mark the one that the scheduler's tables stand in with @EscapementDataSource, or name it"
              + " with escapement.jdbc.data-source.");
    }
  }

  /**
   * The one that is named, or the one whose transactions are of the data source, or one of which
   * that can't be known; or a new one.
   *
   * @param source as {@link #dataSource()} has found it
   */
  PlatformTransactionManager transactionManager(DataSource source) {
    String name = said.transactionManager();
    if (name != null) {
      return theOne(
          named(name, PlatformTransactionManager.class, "transaction-manager"), name, source);
    }
    Map<String, PlatformTransactionManager> found =
        new TreeMap<>(beans.getBeansOfType(PlatformTransactionManager.class));
    Map<String, PlatformTransactionManager> suitable = those(found, Database.OURS, source);
    if (suitable.isEmpty()) {
      suitable = those(found, Database.UNKNOWN, source);
    }
    return suitable.isEmpty() ? new JdbcTransactionManager(source) : preferred(suitable);
  }

  /** All whose transactions are of the data source. */
  Collection<PlatformTransactionManager> transactionManagers(DataSource source) {
    return those(beans.getBeansOfType(PlatformTransactionManager.class), Database.OURS, source)
        .values();
  }

  private static PlatformTransactionManager theOne(
      PlatformTransactionManager manager, String name, DataSource source) {
    if (Database.of(manager, source) == Database.ANOTHER) {
      throw new NoStoreException(
          "escapement.jdbc.transaction-manager names the bean \""
              + name
              + "\", whose transactions are of another DataSource than the scheduler's.",
          "Name the one of the DataSource that the scheduler's tables stand in, or leave the"
              + " property away.");
    }
    return manager;
  }

  private static Map<String, PlatformTransactionManager> those(
      Map<String, PlatformTransactionManager> found, Database wanted, DataSource source) {
    Map<String, PlatformTransactionManager> those = new TreeMap<>(found);
    those.values().removeIf(manager -> Database.of(manager, source) != wanted);
    return those;
  }

  private PlatformTransactionManager preferred(Map<String, PlatformTransactionManager> suitable) {
    if (suitable.size() == 1) {
      return suitable.values().iterator().next();
    }
    PlatformTransactionManager primary =
        beans.getBeanProvider(PlatformTransactionManager.class).getIfUnique();
    if (primary != null && suitable.containsValue(primary)) {
      return primary;
    }
    throw new NoStoreException(
        "There are several transaction managers for the scheduler's DataSource: "
            + suitable.keySet()
            + ", and none is primary.",
        "Name the one that is to begin the transactions of transactional jobs with"
            + " escapement.jdbc.transaction-manager.");
  }

  /** Of which database a manager's transactions are. */
  private enum Database {
    OURS,
    ANOTHER,
    /** JTA, or a manager of the application's own making. */
    UNKNOWN;

    static Database of(PlatformTransactionManager manager, DataSource source) {
      DataSource known = JPA ? Jpa.sourceOf(manager) : null;
      if (known == null && manager instanceof ResourceTransactionManager single) {
        if (!(single.getResourceFactory() instanceof DataSource own)) {
          return ANOTHER;
        }
        known = own;
      }
      if (known == null) {
        return UNKNOWN;
      }
      boolean ours = SpringTransactions.innermost(known) == SpringTransactions.innermost(source);
      return ours ? OURS : ANOTHER;
    }
  }

  /** Loaded only where Spring ORM is. */
  private static final class Jpa {

    static @Nullable DataSource sourceOf(PlatformTransactionManager manager) {
      return manager instanceof JpaTransactionManager jpa ? jpa.getDataSource() : null;
    }
  }

  private <T> T named(String name, Class<T> type, String property) {
    try {
      return beans.getBean(name, type);
    } catch (NoSuchBeanDefinitionException e) {
      throw new NoStoreException(
          "escapement.jdbc." + property + " names the bean \"" + name + "\", which isn't there.",
          "Name one of "
              + List.of(beans.getBeanNamesForType(type))
              + ", or leave the property away.");
    }
  }
}
