package dev.escapement.engine;

import dev.escapement.InvalidDeclarationException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Virtual threads, by reflection: the library is compiled for Java 17. */
final class VirtualThreads {

  private VirtualThreads() {}

  static ExecutorService executor(String namePrefix) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      Object named =
          type.getMethod("name", String.class, long.class).invoke(builder, namePrefix, 1L);
      ThreadFactory factory = (ThreadFactory) type.getMethod("factory").invoke(named);
      Method perTask = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
      return (ExecutorService) perTask.invoke(null, factory);
    } catch (ReflectiveOperationException e) {
      throw new InvalidDeclarationException(
          "This JVM, " + Runtime.version() + ", has no virtual threads; Java 21 brings them.", e);
    }
  }
}
