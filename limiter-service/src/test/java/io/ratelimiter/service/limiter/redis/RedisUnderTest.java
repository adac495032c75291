package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.redis.connection.MonitoredConnection;
import io.ratelimiter.service.limiter.redis.connection.TestConnections;
import io.ratelimiter.service.rules.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The scripts on a real Redis, with the clock of the test. */
public final class RedisUnderTest implements TimedLimiter, AutoCloseable {

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final RedisLimiter limiter;
  private final RedisScripting scripting;
  private final AtomicInteger replaced = new AtomicInteger();
  private volatile boolean gone;
  private String now = "";

  public RedisUnderTest(RedisServer server) {
    client = RedisClient.create(server.url());
    connection = client.connect();
    Duration timeout = Duration.ofSeconds(2);
    MonitoredConnection monitored = TestConnections.monitored(connection, timeout);
    scripting =
        new RedisScripting(
            () -> gone ? null : monitored, timeout, new RedisMetrics(new SimpleMeterRegistry()));
    limiter =
        new RedisLimiter(
            scripting,
            new Scripts(Mutant::scriptFile),
            Placement.CLIENT,
            () -> now,
            replaced::incrementAndGet);
  }

  @Override
  public Decision check(long nowMicros, Check check, Match match) {
    now = Long.toString(nowMicros);
    return await(limiter.check(check, match));
  }

  /** Sends a check in a flush of its own, and runs this between creating and sending it. */
  CompletionStage<Decision> checkInPipeline(Check check, Match match, Runnable meanwhile) {
    now = "";
    List<CompletionStage<Decision>> made = new ArrayList<>();
    scripting.pipeline(() -> {
      made.add(limiter.check(check, match));
      meanwhile.run();
    });
    return made.getFirst();
  }

  /** Makes every connection unavailable from now on. */
  void loseConnection() {
    gone = true;
  }

  /** Decides by the server's own clock. */
  public Decision checkNow(Check check, Match match) {
    now = "";
    return await(limiter.check(check, match));
  }

  @Override
  public Adjustment refund(long nowMicros, Check check, Match match, @Nullable String refundId) {
    now = Long.toString(nowMicros);
    return await(limiter.refund(check, match, refundId));
  }

  @Override
  public Adjustment reset(long nowMicros, Check check, Match match) {
    now = Long.toString(nowMicros);
    return await(limiter.reset(check, match));
  }

  @Override
  public Optional<Settlement> settle(long nowMicros, SettleRequest request) {
    now = Long.toString(nowMicros);
    return await(limiter.settle(request));
  }

  /** Refunds by the server's own clock. */
  public Adjustment refundNow(Check check, Match match) {
    now = "";
    return await(limiter.refund(check, match, null));
  }

  /** Resets by the server's own clock. */
  public Adjustment resetNow(Check check, Match match) {
    now = "";
    return await(limiter.reset(check, match));
  }

  /** Settles by the server's own clock. */
  public Optional<Settlement> settleNow(SettleRequest request) {
    now = "";
    return await(limiter.settle(request));
  }

  /** Number of foreign values that were replaced. */
  public int replaced() {
    return replaced.get();
  }

  public StatefulRedisConnection<String, String> connection() {
    return connection;
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the store failed", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the store did not answer", e);
    }
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
