package io.ratelimiter.service.limiter.faults;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.local.LocalLimiter;
import io.ratelimiter.service.limiter.redis.RedisStore;
import io.ratelimiter.service.limiter.redis.connection.RedisProperties;
import io.ratelimiter.service.limiter.resilience.BreakerStatus;
import io.ratelimiter.service.limiter.resilience.CachedBlocksLimiter;
import io.ratelimiter.service.limiter.resilience.CircuitBreakingLimiter;
import io.ratelimiter.service.limiter.resilience.CountedAdjustments;
import io.ratelimiter.service.limiter.resilience.FailModes;
import io.ratelimiter.service.limiter.resilience.StoreBreaker;
import io.ratelimiter.service.limiter.resilience.StoreProbe;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Match;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The limiter as the service composes it, on a store that a test breaks. */
final class StoreUnderFault implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofMillis(50);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final RedisStore store;
  private final CountedAdjustments counters;
  private final StoreBreaker breaker;
  private final StoreProbe probe;
  private final Limiter limiter;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  StoreUnderFault(int port, FailMode failMode) {
    this(port, failMode, TIMEOUT);
  }

  StoreUnderFault(int port, FailMode failMode, Duration timeout) {
    this(new RedisProperties("", "localhost", port, 0, timeout, Placement.CLIENT), failMode);
  }

  /** A store that a {@code REDIS_URL} names. */
  static StoreUnderFault at(String url) {
    return at(url, Duration.ofSeconds(2));
  }

  /** A store that {@code REDIS_HOST}, {@code REDIS_PORT} and {@code REDIS_DB} name. */
  static StoreUnderFault at(String host, int port, int database) {
    return new StoreUnderFault(
        new RedisProperties("", host, port, database, Duration.ofSeconds(2), Placement.CLIENT),
        FailMode.OPEN);
  }

  static StoreUnderFault at(String url, Duration timeout) {
    return new StoreUnderFault(
        new RedisProperties(url, "", 0, 0, timeout, Placement.CLIENT), FailMode.OPEN);
  }

  /** A cluster that a {@code REDIS_URL} names, with its counters in these places. */
  static StoreUnderFault at(String url, Placement placement) {
    return new StoreUnderFault(
        new RedisProperties(url, "", 0, 0, Duration.ofSeconds(2), placement), FailMode.OPEN);
  }

  private StoreUnderFault(RedisProperties properties, FailMode failMode) {
    store = new RedisStore(properties, registry, loops);
    counters = new CountedAdjustments(store.counters());
    breaker = new StoreBreaker(store::connected, Clock.systemUTC());
    probe = new StoreProbe(store.limiter(), breaker, store::reconnect);
    FailModes fallback =
        new FailModes(failMode, new LocalLimiter(2, Clock.systemUTC()), Clock.systemUTC());
    limiter =
        new CachedBlocksLimiter(
            new CircuitBreakingLimiter(store.limiter(), fallback, breaker),
            System::nanoTime,
            counters);
    store.start();
    probe.start();
    awaitConnected();
  }

  void awaitConnected() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .until(store::connected);
  }

  /** Sends this number of checks in one flush. */
  List<Decision> batch(int size, Check check, Match match) {
    List<CompletableFuture<Decision>> sent = new ArrayList<>();
    breaker
        .asOneCall(store.pipelining())
        .pipeline(() -> {
          for (int i = 0; i < size; i++) {
            sent.add(send(check, match));
          }
        });
    return sent.stream().map(one -> one.orTimeout(10, TimeUnit.SECONDS).join()).toList();
  }

  /** Sends a check to the store without the blocks that this instance has cached. */
  Decision checkInStore(Check check, Match match) {
    return store
        .limiter()
        .check(check, match)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  /** Number of store failures of this kind. */
  double errors(String operation, String kind) {
    return registry
        .get("ratelimiter.redis.errors")
        .tags("operation", operation, "kind", kind)
        .counter()
        .count();
  }

  CompletableFuture<Decision> send(Check check, Match match) {
    return limiter.check(check, match).toCompletableFuture();
  }

  Decision check(Check check, Match match) {
    return send(check, match).orTimeout(10, TimeUnit.SECONDS).join();
  }

  Counters counters() {
    return counters;
  }

  BreakerStatus breaker() {
    return breaker;
  }

  double metric(String name) {
    return registry.get(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
  }

  void awaitClosed(Duration within, Check check, Match match) {
    Awaitility.await("the breaker to close")
        .atMost(within)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> !check(check, match).degraded() && breaker.state() == BreakerStatus.State.CLOSED);
  }

  @Override
  public void close() {
    probe.close();
    store.stop();
    loops.shutdownGracefully();
  }
}
