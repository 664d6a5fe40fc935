package dev.escapement.proofs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the operations of {@link MemoryStoreTest} do, one after the other, in few words. */
public class PlainStore {

  private static final class Row {
    int version;
    int attempt;
    int owner;
    boolean cancelAsked;
  }

  private final Map<Integer, Row> rows = new TreeMap<>(Map.of(1, new Row(), 2, new Row()));
  private final Set<Integer> live = new HashSet<>(Set.of(1, 2));
  private final Map<Integer, Integer> beats = new HashMap<>();

  /** See {@link MemoryStoreTest#enqueueOne()}. */
  public String enqueueOne() {
    return enqueue(3);
  }

  /** See {@link MemoryStoreTest#enqueueOther()}. */
  public String enqueueOther() {
    return enqueue(4);
  }

  private String enqueue(int trigger) {
    Row taken = rows.containsKey(3) ? rows.get(3) : rows.get(4);
    if (taken != null) {
      return taken.owner == 0 ? "KEPT" : "KEPT_RUNNING";
    }
    rows.put(trigger, new Row());
    return "CREATED";
  }

  /** See {@link MemoryStoreTest#claim(int)}. */
  public String claim(int session) {
    for (Map.Entry<Integer, Row> entry : rows.entrySet()) {
      Row row = entry.getValue();
      if (live.contains(session) && row.owner == 0) {
        row.owner = session;
        row.version++;
        row.attempt++;
        return entry.getKey() + " in version " + row.version + ", attempt " + row.attempt;
      }
    }
    return "";
  }

  private @Nullable Row held(int session, int trigger, int version) {
    Row row = rows.get(trigger);
    return row != null && row.owner == session && row.version == version ? row : null;
  }

  /** See {@link MemoryStoreTest#finish(int, int, int)}. */
  public boolean finish(int session, int trigger, int version) {
    boolean held = held(session, trigger, version) != null;
    if (held) {
      rows.remove(trigger);
    }
    return held;
  }

  /** See {@link MemoryStoreTest#retry(int, int, int)}. */
  public String retry(int session, int trigger, int version) {
    Row row = held(session, trigger, version);
    if (row == null) {
      return "refused";
    }
    if (row.cancelAsked) {
      rows.remove(trigger);
      return "cancelled";
    }
    row.owner = 0;
    row.version++;
    return "written";
  }

  /** See {@link MemoryStoreTest#takeOver(int, int, int)}. */
  public String takeOver(int session, int trigger, int version) {
    return live.contains(session) ? "refused" : retry(session, trigger, version);
  }

  /** See {@link MemoryStoreTest#cancel(int)}. */
  public String cancel(int trigger) {
    Row row = rows.get(trigger);
    if (row == null) {
      return "none";
    }
    if (row.owner != 0) {
      row.cancelAsked = true;
      return "REQUESTED of a RUNNING";
    }
    rows.remove(trigger);
    return "DONE of a SCHEDULED";
  }

  /** See {@link MemoryStoreTest#beat(int)}. */
  public boolean beat(int session) {
    if (live.contains(session)) {
      beats.merge(session, 1, Integer::sum);
    }
    return live.contains(session);
  }

  /** See {@link MemoryStoreTest#declareDead(int)}. */
  public boolean declareDead(int session) {
    return !beats.containsKey(session) && live.remove(session);
  }

  /** See {@link MemoryStoreTest#running(int)}. */
  public String running(int session) {
    return rows.entrySet().stream()
        .filter(entry -> entry.getValue().owner != 0)
        .filter(
            entry -> entry.getValue().owner == session || !live.contains(entry.getValue().owner))
        .map(Map.Entry::getKey)
        .toList()
        .toString();
  }
}
