package dev.escapement.redis;

import dev.escapement.store.StoreException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a Redis is fit to be a store, and says what it may lose. */
final class Server {

  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private static final int OLDEST_MAJOR = 6;
  private static final int OLDEST_MINOR = 2;

  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  private final Link link;
  private final boolean evicting;

  /**
   * @param evicting whether one that evicts keys will do
   */
  Server(Link link, boolean evicting) {
    this.link = link;
    this.evicting = evicting;
  }

  /**
   * @throws StoreException if it is too old, or would evict triggers
   */
  void check() {
    Map<String, String> facts = facts(link.info("all"));
    refuseOld(link.describe(), facts.getOrDefault("redis_version", "0"));
    if (facts.getOrDefault("redis_mode", "standalone").equals("cluster")) {
      throw new StoreException(
          link.describe()
              + " is a node of a Redis Cluster, which isn't supported yet; use one server, or"
              + " Sentinel.",
          null);
    }
    refuseEviction(facts.getOrDefault("maxmemory_policy", "noeviction"));
    String role = facts.getOrDefault("role", "master");
    if (!role.equals("master")) {
      throw new StoreException(
          link.describe()
              + " is a "
              + role.toLowerCase(Locale.ROOT)
              + ", which only reads; connect to the master, or by Sentinel.",
          null);
    }
    boolean appends = facts.getOrDefault("aof_enabled", "0").equals("1");
    log.info(
        "Redis {} at {}: {}; {} replicas.",
        facts.getOrDefault("redis_version", "of unknown version"),
        link.describe(),
        appends
            ? "it appends to a file what it is told, and a crash loses what isn't there yet"
            : "it doesn't append to a file what it is told (appendonly no), and a crash loses all"
                + " since its last snapshot",
        facts.getOrDefault("connected_slaves", "0"));
  }

  static void refuseOld(String where, String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.lookingAt()) {
      log.warn("{} says that it is Redis {}; nobody knows whether that will do.", where, version);
      return;
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
      throw new StoreException(
          where + " is Redis " + version + "; Escapement needs 6.2 or newer.", null);
    }
  }

  private void refuseEviction(String policy) {
    if (policy.equals("noeviction")) {
      return;
    }
    String what =
        link.describe()
            + " evicts keys when its memory is full (maxmemory-policy "
            + policy
            + "), also triggers that wait.";
    if (!evicting) {
      throw new StoreException(
          what
              + " Set maxmemory-policy noeviction, or say evenIfItEvicts(true) if they may be"
              + " lost.",
          null);
    }
    log.warn("{}", what);
  }

  private static Map<String, String> facts(String info) {
    Map<String, String> facts = new HashMap<>();
    info.lines()
        .filter(line -> line.indexOf(':') > 0)
        .forEach(
            line ->
                facts.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).trim()));
    return facts;
  }
}
