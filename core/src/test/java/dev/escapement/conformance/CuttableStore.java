package dev.escapement.conformance;

import dev.escapement.store.Store;
import dev.escapement.store.TransientStoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A store whose connection can be cut and mended: how a test makes a zombie of a node of its own
 * process. Whatever is called meanwhile fails, as it does for a node behind a broken switch.
 */
public final class CuttableStore {

  private static final Set<String> LOCAL = Set.of("describe", "close");

  private final Store store;
  private volatile boolean cut;

  /** Wraps a store. */
  public CuttableStore(Store store) {
    this.store = cuttable(Store.class, store);
  }

  /** What the node is given. */
  public Store store() {
    return store;
  }

  /** From now on every call fails. */
  public void cut() {
    cut = true;
  }

  /** Calls get through again. */
  public void mend() {
    cut = false;
  }

  private <T> T cuttable(Class<T> type, T target) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (cut && !LOCAL.contains(method.getName())) {
                throw new TransientStoreException("The connection is cut.", null);
              }
              Object answer;
              try {
                answer = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              Class<?> returned = method.getReturnType();
              boolean part =
                  returned.isInterface() && returned.getPackage() == Store.class.getPackage();
              return part && !LOCAL.contains(method.getName()) ? part(returned, answer) : answer;
            });
    return type.cast(proxy);
  }

  private <T> T part(Class<T> type, Object target) {
    return cuttable(type, type.cast(target));
  }
}
