package io.ratelimiter.service.limiter.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.redis.RedisStore;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two event loops, each with a connection to the store, of which one fails. */
@LocalStack
class LoopConnectionsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Check CHECK = new Check("default", "client", "global", 1);
  private static final Match WIDE =
      Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1_000_000, 86_400)));

  private final TcpProxy proxy;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final RedisStore store;

  LoopConnectionsIT(RedisServer redis, PrivateServers servers) {
    proxy = servers.proxy(redis.port());
    store =
        new RedisStore(
            new RedisProperties(
                "", "localhost", proxy.port(), 0, Duration.ofMillis(500), Placement.CLIENT),
            new SimpleMeterRegistry(),
            loops);
  }

  @BeforeEach
  void connect() {
    store.start();
    await().atMost(LIMIT).until(() -> store.connected() && proxy.connections() == 2);
    assertThat(answeredByLoop()).containsExactly(1L, 1L);
  }

  @AfterEach
  void close() {
    store.stop();
    loops.shutdownGracefully();
  }

  @Test
  void oneThatFallsSilentWhileTheOtherWorksIsReplaced() {
    proxy.silenceOne();
    assertThat(answeredByLoop()).containsExactlyInAnyOrder(0L, 1L);

    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(answeredByLoop(MonitoredConnection.MAX_CONSECUTIVE_FAILURES))
                .containsOnly((long) MonitoredConnection.MAX_CONSECUTIVE_FAILURES));
  }

  @Test
  void whileOneIsDisconnectedItsLoopUsesTheOther() {
    proxy.refuseNew();
    proxy.cutOne();
    await().atMost(LIMIT).until(() -> !store.connected());

    assertThat(answeredByLoop(10)).containsExactly(10L, 10L);
    assertThat(store.connected()).isFalse();
  }

  private List<Long> answeredByLoop() {
    return answeredByLoop(1);
  }

  /** Of this many checks sent at once on each loop, the number that the store answered. */
  private List<Long> answeredByLoop(int checks) {
    List<Long> answered = new ArrayList<>();
    for (EventExecutor loop : loops) {
      List<CompletableFuture<Boolean>> sent = new ArrayList<>();
      for (int i = 0; i < checks; i++) {
        CompletableFuture<Boolean> one = new CompletableFuture<>();
        loop.execute(() ->
            store.limiter().check(CHECK, WIDE).whenComplete((_, e) -> one.complete(e == null)));
        sent.add(one.orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
      }
      answered.add(sent.stream().filter(CompletableFuture::join).count());
    }
    return answered;
  }
}
