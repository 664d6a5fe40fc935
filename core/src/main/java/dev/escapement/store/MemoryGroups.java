package dev.escapement.store;

import dev.escapement.TriggerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An index of triggers by something that only some of them have; those without are left out. */
final class MemoryGroups<K> {

  private final Map<K, TreeMap<TriggerId, MemoryTrigger>> groups = new HashMap<>();

  void add(@Nullable K group, MemoryTrigger trigger) {
    if (group != null) {
      groups.computeIfAbsent(group, any -> new TreeMap<>()).put(trigger.id, trigger);
    }
  }

  void remove(@Nullable K group, MemoryTrigger trigger) {
    if (group != null) {
      groups.computeIfPresent(
          group,
          (any, members) -> {
            members.remove(trigger.id);
            return members.isEmpty() ? null : members;
          });
    }
  }

  /** The groups that have members. */
  Set<K> names() {
    return groups.keySet();
  }

  Collection<MemoryTrigger> in(K group) {
    TreeMap<TriggerId, MemoryTrigger> members = groups.get(group);
    return members == null ? Set.of() : members.values();
  }
}
