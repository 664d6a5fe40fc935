package dev.escapement.redis;

import dev.escapement.InvalidDeclarationException;
import dev.escapement.store.Checkpoints;
import dev.escapement.store.Claims;
import dev.escapement.store.History;
import dev.escapement.store.Holds;
import dev.escapement.store.Jobs;
import dev.escapement.store.Queues;
import dev.escapement.store.Requests;
import dev.escapement.store.Sessions;
import dev.escapement.store.Store;
import dev.escapement.store.Transactions;
import dev.escapement.store.Triggers;
import dev.escapement.store.Wakeups;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A store on Redis, 6.2 or newer. Thread-safe.
 *
 * <p>What Redis has answered it has in memory; what a crash or a failover loses is up to its own
 * settings. With {@code appendonly no} a crash loses everything since the last snapshot; with
 * {@code appendfsync everysec}, its default, up to a second or two; and a failover loses what the
 * replica hadn't got yet. Triggers that were enqueued then may be gone, and a trigger whose claim
 * or end is lost runs once more: at least once, as when a node dies.
 */
public final class RedisStore implements Store {

  private static final Script NOW = Script.named("now");

  private final Link link;
  private final Server server;
  private final RedisTriggers triggers;
  private final RedisSessions sessions;
  private final RedisJobs jobs;
  private final RedisClaims claims;
  private final RedisHolds holds;
  private final RedisHistory history;
  private final RedisRequests requests;
  private final RedisQueues queues;
  private final RedisCheckpoints checkpoints;
  private final RedisWakeups wakeups;

  private RedisStore(Builder settings) {
    String root = "{" + settings.prefix + "}:";
    this.link = new Link(settings.uri, settings.ssl, root, settings.timeout);
    this.server = new Server(link, settings.evicting);
    this.triggers = new RedisTriggers(link);
    this.sessions = new RedisSessions(link);
    this.jobs = new RedisJobs(link);
    this.claims = new RedisClaims(link, settings.history);
    this.holds = new RedisHolds(link);
    this.history = new RedisHistory(link);
    this.requests = new RedisRequests(link, settings.history);
    this.queues = new RedisQueues(link);
    this.checkpoints = new RedisCheckpoints(link);
    this.wakeups = new RedisWakeups(link, root);
  }

  /**
   * A store with default settings.
   *
   * @param uri as {@code redis://localhost}, {@code rediss://user:password@host:6380/2} for TLS, or
   *     {@code redis-sentinel://host1,host2/0#name}
   */
  public static RedisStore at(String uri) {
    return builder(RedisURI.create(uri)).build();
  }

  /** Settings for a store. */
  public static Builder builder(RedisURI uri) {
    return new Builder(uri);
  }

  @Override
  public void open() {
    server.check();
  }

  @Override
  public Instant now() {
    return link.read("read the clock", NOW, new Args()).instant();
  }

  @Override
  public Triggers triggers() {
    return triggers;
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Jobs jobs() {
    return jobs;
  }

  @Override
  public Claims claims() {
    return claims;
  }

  @Override
  public Holds holds() {
    return holds;
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Requests requests() {
    return requests;
  }

  @Override
  public Queues queues() {
    return queues;
  }

  @Override
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  @Override
  public Optional<Transactions> transactions() {
    return Optional.empty();
  }

  @Override
  public void afterCommit(Runnable action) {
    action.run();
  }

  @Override
  public Wakeups wakeups() {
    return wakeups;
  }

  @Override
  public String describe() {
    return link.describe();
  }

  @Override
  public void close() {
    wakeups.close();
    link.close();
  }

  /** Settings. Not thread-safe. */
  public static final class Builder {

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,40}");
    private static final int MOST_EXECUTIONS = 10_000_000;

    private final RedisURI uri;
    private String prefix = "escapement";
    private Duration timeout = Duration.ofSeconds(5);
    private int history = 100_000;
    private boolean evicting;
    private SslOptions ssl = SslOptions.create();

    private Builder(RedisURI uri) {
      this.uri = uri;
    }

    /**
     * What all keys begin with, within braces: schedulers that share triggers say the same. By
     * default {@code escapement}.
     *
     * @param name 1 to 40 letters, digits, '_', '.' or '-'
     * @throws InvalidDeclarationException if it is anything else
     */
    public Builder prefix(String name) {
      if (!PREFIX.matcher(name).matches()) {
        throw new InvalidDeclarationException(
            "The prefix \"" + name + "\" isn't 1 to 40 letters, digits, '_', '.' or '-'.");
      }
      this.prefix = name;
      return this;
    }

    /**
     * How long a call may take, by default 5 s. A call that takes longer fails, and its connection
     * is given up.
     *
     * @param limit more than zero
     * @throws InvalidDeclarationException if it isn't
     */
    public Builder timeout(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new InvalidDeclarationException("The timeout is " + limit + "; it must be positive.");
      }
      this.timeout = limit;
      return this;
    }

    /**
     * How many executions to keep at most, by default 100,000: they lie in memory, a kilobyte or so
     * each. The oldest go first; the scheduler's own retention may delete them before.
     *
     * @param most 1 to 10 million
     * @throws InvalidDeclarationException if it is anything else
     */
    public Builder history(int most) {
      if (most < 1 || most > MOST_EXECUTIONS) {
        throw new InvalidDeclarationException(
            "A history of " + most + " executions; it can have 1 to " + MOST_EXECUTIONS + ".");
      }
      this.history = most;
      return this;
    }

    /**
     * Works on a Redis that evicts keys when it is full ({@code maxmemory-policy} other than {@code
     * noeviction}). By default that is refused: triggers would vanish without a trace.
     */
    public Builder evenIfItEvicts(boolean yes) {
      this.evicting = yes;
      return this;
    }

    /**
     * Whom to trust, and what to show of oneself, where the URI asks for TLS. By default whom the
     * JVM trusts, and nothing.
     */
    public Builder ssl(SslOptions options) {
      this.ssl = options;
      return this;
    }

    /** The store. Connects when it is first used. */
    public RedisStore build() {
      return new RedisStore(this);
    }
  }
}
