package dev.escapement.engine;

import dev.escapement.Failure;
import dev.escapement.Job;
import dev.escapement.JobContext;
import dev.escapement.TriggerId;
import dev.escapement.store.SessionId;
import dev.escapement.store.Store;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the future of a world depends on, in a few letters: equal ones go on alike. It reads all
 * fields of all objects, but for those that are known to say nothing: what never changes, indexes,
 * counters, locks, and when loops would wake up, for here they take their turns when they are told.
 *
 * <p>It is not exact where a digest may collide, and in three places by choice. The number of a
 * beat isn't read, only whether an observer has seen the latest one, as long as no call is under
 * way. Of a failure only that there is one. Of an execution what the invariants speak of.
 */
final class Fingerprint {

  private static final Set<Class<?>> SILENT =
      Set.of(Settings.class, Settings.Timing.class, JobRegistry.class, Counters.class);
  private static final Set<Class<?>> SILENT_KINDS =
      Set.of(
          Job.class,
          Store.class,
          LongSupplier.class,
          Executor.class,
          LongAdder.class,
          Thread.class,
          Logger.class,
          JobContext.class,
          Alarm.class,
          Reporter.class,
          Bookkeeping.class,
          Listeners.class,
          ScheduleReader.class,
          Spawning.class,
          Clearing.class,
          Tending.class,
          Herd.class,
          Declarations.class,
          Dealer.class,
          Pace.class,
          Failure.class);
  private static final Set<String> SILENT_FIELDS =
      Set.of(
          "MemoryTables.lanes",
          "MemoryTables.running",
          "MemoryTables.parked",
          "MemoryTables.children",
          "MemoryTables.byKey",
          "MemoryTables.clock",
          "MemorySession.load",
          "MemoryTables.jobs",
          "MemoryTables.epoch",
          "Audit.clearAt",
          "Audit.tendAt",
          "Tending.lookAt",
          "Item.since",
          "Item.thrown");
  private static final Map<Class<?>, List<Field>> FIELDS = new ConcurrentHashMap<>();

  private static final Map<Class<?>, Boolean> SILENCE = new ConcurrentHashMap<>();

  private final StringBuilder text = new StringBuilder();
  private final IdentityHashMap<Object, String> known = new IdentityHashMap<>();
  private final Function<Object, String> names;
  private final @Nullable ToLongFunction<SessionId> beats;

  /**
   * @param names what to call sessions and triggers
   * @param beats the latest beat of each session; null to read the numbers of beats
   */
  Fingerprint(Function<Object, String> names, @Nullable ToLongFunction<SessionId> beats) {
    this.names = names;
    this.beats = beats;
  }

  void add(String name, Object part) {
    text.append(name).append('=').append(text(part)).append('\n');
  }

  /** All of it, for people. */
  String full() {
    return text.toString();
  }

  String digest() {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      byte[] digest = md5.digest(full().getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String text(@Nullable Object object) {
    if (object == null || isSilent(object)) {
      return "-";
    }
    if (object instanceof SessionId || object instanceof TriggerId) {
      return names.apply(object);
    }
    String said = known.get(object);
    if (said == null) {
      known.put(object, "^");
      said = describe(object);
      known.put(object, said);
    }
    return said;
  }

  private static boolean isSilent(Object object) {
    return SILENCE.computeIfAbsent(object.getClass(), Fingerprint::isSilent);
  }

  private static boolean isSilent(Class<?> type) {
    return SILENT.contains(type)
        || type.isHidden()
        || type.isSynthetic()
        || type.getName().startsWith("java.util.concurrent.locks.")
        || SILENT_KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type));
  }

  private String describe(Object object) {
    if (object instanceof Map<?, ?> map) {
      return sorted(map.entrySet().stream().map(e -> entry(e.getKey(), e.getValue())).toList());
    } else if (object instanceof Set<?> set) {
      return sorted(set.stream().map(this::text).toList());
    } else if (object instanceof Collection<?> collection) {
      return collection.stream().map(this::text).toList().toString();
    } else if (object instanceof Optional<?> optional) {
      return text(optional.orElse(null));
    } else if (object instanceof byte[] bytes) {
      return "bytes" + bytes.length;
    } else if (object.getClass().isArray()) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < Array.getLength(object); i++) {
        parts.add(text(Array.get(object, i)));
      }
      return parts.toString();
    } else if (object instanceof Enum<?> || !object.getClass().getName().startsWith("dev.")) {
      return object.toString();
    }
    return fields(object);
  }

  private String entry(Object key, Object value) {
    if (beats != null
        && key instanceof SessionId session
        && value.getClass().getEnclosingClass() == DeathWatch.class) {
      boolean latest = beats.applyAsLong(session) == (Long) valueOf(value, "beat");
      return text(key) + (latest ? "~" : "!") + text(value);
    }
    return text(key) + ":" + text(value);
  }

  private static String sorted(List<String> parts) {
    return parts.stream().sorted().toList().toString();
  }

  private String fields(Object object) {
    StringBuilder all = new StringBuilder("(");
    for (Field field : FIELDS.computeIfAbsent(object.getClass(), Fingerprint::speaking)) {
      if (beats == null || !field.getName().equals("beat")) {
        all.append(text(get(field, object))).append(' ');
      }
    }
    return all.append(')').toString();
  }

  private static List<Field> speaking(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> part = type;
        part != null && part != Object.class && part != Loop.class;
        part = part.getSuperclass()) {
      for (Field field : part.getDeclaredFields()) {
        boolean silent = SILENT_FIELDS.contains(part.getSimpleName() + "." + field.getName());
        if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic() && !silent) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }

  /** The value of a field that isn't null. */
  static Object valueOf(Object object, String field) {
    return FIELDS.computeIfAbsent(object.getClass(), Fingerprint::speaking).stream()
        .filter(one -> one.getName().equals(field))
        .map(one -> get(one, object))
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Object get(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
