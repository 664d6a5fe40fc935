package dev.escapement.redis;

import dev.escapement.store.StoreException;
import dev.escapement.store.UnknownCommitException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: one connection, which all threads share and whose commands go out one behind
 * the other without waiting for answers. Thread-safe.
 *
 * <p>Lettuce would send again after a reconnect what was not answered before it, and Redis may have
 * done it. So Lettuce doesn't reconnect here: what is under way when a connection breaks fails, and
 * the next call opens another one.
 */
final class Link implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Link.class);

  /** The fewest that Lettuce takes: one for the connection, one for the subscription. */
  private static final int THREADS = 2;

  private final RedisURI uri;
  private final String where;
  private final Duration timeout;
  private final byte[][] keys;
  private final ClientResources resources;
  private final RedisClient client;
  private final RedisClient listening;

  /** Written under the lock. */
  private volatile @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection;

  private boolean closed;

  /** When the last answer came, as {@link System#nanoTime()} goes. */
  private volatile long answeredAt = System.nanoTime();

  /**
   * @param ssl how to speak TLS, where the URI asks for it
   * @param root what all keys begin with
   * @param timeout for each call
   */
  Link(RedisURI uri, SslOptions ssl, String root, Duration timeout) {
    this.uri = within(timeout, uri);
    this.where = where(uri);
    this.timeout = timeout;
    this.keys = new byte[][] {(root + "control").getBytes(StandardCharsets.UTF_8)};
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .build();
    this.client = RedisClient.create(resources, this.uri);
    this.listening = RedisClient.create(resources, this.uri);
    ClientOptions.Builder options =
        ClientOptions.builder()
            .sslOptions(ssl)
            // Who only listens would never know of a connection that a firewall has forgotten.
            .socketOptions(SocketOptions.builder().connectTimeout(timeout).keepAlive(true).build());
    listening.setOptions(options.build());
    client.setOptions(options.autoReconnect(false).build());
  }

  /** With the Sentinels, which Lettuce's own copy leaves out. */
  private static RedisURI within(Duration timeout, RedisURI uri) {
    RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(timeout);
    for (RedisURI sentinel : uri.getSentinels()) {
      copy.withSentinel(within(timeout, sentinel));
    }
    if (uri.getSentinelMasterId() != null) {
      copy.withSentinelMasterId(uri.getSentinelMasterId());
    }
    return copy.build();
  }

  /** Calls a script that only reads. */
  Reply read(String what, Script script, Args args) {
    return call(what, false, script, args);
  }

  /** Calls a script that writes. */
  Reply write(String what, Script script, Args args) {
    return call(what, true, script, args);
  }

  private Reply call(String what, boolean writes, Script script, Args args) {
    return calls(what, writes, script, List.of(args)).get(0);
  }

  /** Calls a script that writes several times, one behind the other, and then waits for all. */
  List<Reply> writeAll(String what, Script script, List<Args> all) {
    return calls(what, true, script, all);
  }

  /**
   * What became of a call.
   *
   * @param reply the answer; null if it failed
   * @param failure why; null if it didn't
   */
  record Called(@Nullable Reply reply, @Nullable StoreException failure) {}

  /** Like {@link #writeAll}, but what becomes of one call is told apart from the others. */
  List<Called> writeEach(String what, Script script, List<Args> all) {
    return each(what, true, script, all);
  }

  private List<Reply> calls(String what, boolean writes, Script script, List<Args> all) {
    List<Reply> replies = new ArrayList<>(all.size());
    for (Called called : each(what, writes, script, all)) {
      StoreException failure = called.failure();
      if (failure != null) {
        throw all.size() == 1 || failure instanceof UnknownCommitException
            ? failure
            : inPart(what, failure);
      }
      replies.add(Objects.requireNonNull(called.reply()));
    }
    return replies;
  }

  private List<Called> each(String what, boolean writes, Script script, List<Args> all) {
    long until = System.nanoTime() + timeout.toNanos();
    Call call = new Call(what, writes, connection(what, until), until);
    List<RedisFuture<Object>> under = new ArrayList<>(all.size());
    for (Args args : all) {
      under.add(
          call.on().async().evalsha(script.digest(), ScriptOutputType.MULTI, keys, args.toArray()));
    }
    List<Called> each = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      try {
        each.add(new Called(new Reply(answer(call, script, all.get(i), under.get(i))), null));
      } catch (StoreException e) {
        each.add(new Called(null, e));
      }
    }
    return each;
  }

  private UnknownCommitException inPart(String what, StoreException failure) {
    return new UnknownCommitException(
        "The attempt to "
            + what
            + " in "
            + describe()
            + " went out in parts, some of which may have happened; read before trying again: "
            + failure.getMessage(),
        failure);
  }

  /**
   * What is under way for somebody.
   *
   * @param until when the time is over, as {@link System#nanoTime()} goes
   */
  private record Call(
      String what, boolean writes, StatefulRedisConnection<byte[], byte[]> on, long until) {}

  private @Nullable Object answer(Call call, Script script, Args args, RedisFuture<Object> under) {
    try {
      return await(call, under);
    } catch (RedisNoScriptException unknown) {
      // EVAL loads it too, for all calls to come.
      return answer(
          call,
          call.on().async().eval(script.text(), ScriptOutputType.MULTI, keys, args.toArray()));
    } catch (RedisException e) {
      throw failed(call, e);
    }
  }

  private <T> @Nullable T answer(Call call, RedisFuture<T> under) {
    try {
      return await(call, under);
    } catch (RedisException e) {
      throw failed(call, e);
    }
  }

  /**
   * Whoever is interrupted hears no more of it; the command is on its way all the same, and its
   * answer is Lettuce's to put away.
   */
  private <T> @Nullable T await(Call call, RedisFuture<T> under) {
    try {
      T answer = under.get(Math.max(1, call.until() - System.nanoTime()), TimeUnit.NANOSECONDS);
      answeredAt = System.nanoTime();
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisException("Interrupted while waiting for an answer.", e);
    } catch (TimeoutException e) {
      if (answeredAt - (call.until() - timeout.toNanos()) < 0) {
        drop(call.on());
      }
      throw new RedisException("No answer within " + timeout + ".", e);
    } catch (CancellationException e) {
      throw new RedisException("The connection was given up.", e);
    } catch (ExecutionException e) {
      if (RedisErrors.isAnswer(e)) {
        answeredAt = System.nanoTime();
      }
      throw e.getCause() instanceof RedisException redis ? redis : new RedisException(e.getCause());
    }
  }

  private StoreException failed(Call call, RedisException failure) {
    if (RedisErrors.saysThatItIsNoMaster(failure)) {
      // The next connection may be to another server: by Sentinel, or behind a name.
      drop(call.on());
    }
    return RedisErrors.translate(call.what(), describe(), call.writes(), failure);
  }

  /** The connection that all share; waits for it, together with all others, until that time. */
  private StatefulRedisConnection<byte[], byte[]> connection(String what, long until) {
    try {
      return connecting(what).get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RedisErrors.unreachable(what, describe(), e);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      throw RedisErrors.unreachable(what, describe(), e);
    }
  }

  private synchronized CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting(
      String what) {
    if (closed) {
      throw new StoreException(
          "Could not " + what + ": the store at " + describe() + " is closed.", null);
    }
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> present = connection;
    if (present == null || isOver(present)) {
      present = client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
      connection = present;
    }
    return present;
  }

  private static boolean isOver(
      CompletableFuture<StatefulRedisConnection<byte[], byte[]>> present) {
    return present.isDone() && (present.isCompletedExceptionally() || !present.join().isOpen());
  }

  private synchronized void drop(StatefulRedisConnection<byte[], byte[]> broken) {
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> present = connection;
    if (present != null && present.isDone() && !isOver(present) && present.join() == broken) {
      connection = null;
      letGo(broken);
    }
  }

  static void letGo(StatefulConnection<?, ?> connection) {
    var unused =
        connection
            .closeAsync()
            .exceptionally(
                failure -> {
                  log.debug("A connection that was given up didn't close.", failure);
                  return null;
                });
  }

  /** What the server says of itself: a section of INFO. */
  String info(String section) {
    long until = System.nanoTime() + timeout.toNanos();
    Call call = new Call("look at Redis", false, connection("look at Redis", until), until);
    return Objects.requireNonNull(answer(call, call.on().async().info(section)));
  }

  /** Sends a message to whoever listens, if there is a connection; doesn't wait for anything. */
  void publish(byte[] channel, byte[] message) {
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> present = connection;
    if (present != null && present.isDone() && !isOver(present)) {
      present
          .join()
          .async()
          .publish(channel, message)
          .exceptionally(
              failure -> {
                log.debug("A wake-up was not sent; the others will poll.", failure);
                return 0L;
              });
    }
  }

  /**
   * Subscribes, on a connection of its own, which subscribes again by itself when it was broken.
   *
   * @param heard called for each message, on a thread of Lettuce's
   */
  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscribe(
      byte[] channel, Runnable heard) {
    RedisPubSubListener<byte[], byte[]> listener =
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] from, byte[] message) {
            heard.run();
          }
        };
    return listening
        .connectPubSubAsync(ByteArrayCodec.INSTANCE, uri)
        .thenCompose(
            open -> {
              open.addListener(listener);
              return open.async()
                  .subscribe(channel)
                  .whenComplete(
                      (nothing, failure) -> {
                        if (failure != null) {
                          letGo(open);
                        }
                      })
                  .thenApply(nothing -> open);
            });
  }

  /** Does something on a thread of Lettuce's, unless the link is closed by then. */
  void later(Runnable task, Duration delay) {
    if (!resources.eventExecutorGroup().isShuttingDown()) {
      var unused =
          resources.eventExecutorGroup().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Where it is, without credentials. */
  String describe() {
    return where;
  }

  private static String where(RedisURI uri) {
    if (uri.getSentinels().isEmpty()) {
      String scheme = uri.isSsl() ? "rediss" : "redis";
      return "%s://%s:%d/%d".formatted(scheme, uri.getHost(), uri.getPort(), uri.getDatabase());
    }
    String sentinels =
        uri.getSentinels().stream()
            .map(each -> each.getHost() + ":" + each.getPort())
            .collect(Collectors.joining(","));
    return "redis-sentinel://%s/%d#%s"
        .formatted(sentinels, uri.getDatabase(), uri.getSentinelMasterId());
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      connection = null;
    }
    try {
      client.shutdown(Duration.ZERO, timeout);
    } finally {
      try {
        listening.shutdown(Duration.ZERO, timeout);
      } finally {
        resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
      }
    }
  }
}
