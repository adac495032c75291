package io.ratelimiter.localstack.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.RedisConnection;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@LocalStack
class TcpProxyIT {

  private static final String BIG = "x".repeat(20_000);

  private final RedisServer redis;
  private final TcpProxy proxy;

  TcpProxyIT(RedisServer redis, PrivateServers servers) {
    this.redis = redis;
    this.proxy = servers.proxy(redis.port());
  }

  @Test
  void passesEverythingWithoutAFault() {
    redis.command("SET", "big", BIG);

    assertThat(command("GET", "big")).isEqualTo(BIG);
  }

  @Test
  void aDelayAppliesToEveryReply() {
    try (RedisConnection connection = RedisConnection.to(proxy.port())) {
      proxy.delayReplies(Duration.ofMillis(100));

      long beganNanos = System.nanoTime();
      connection.call("PING");
      connection.call("PING");

      assertThat(millisSince(beganNanos)).isGreaterThanOrEqualTo(200);
    }
  }

  @Test
  void aRateLimitDelaysAReplyByItsSize() {
    redis.command("SET", "big", BIG);
    proxy.limitReplies(100_000);

    long beganNanos = System.nanoTime();
    assertThat(command("GET", "big")).isEqualTo(BIG);

    assertThat(millisSince(beganNanos)).isGreaterThanOrEqualTo(200);
  }

  @Test
  void bytesHeldByAStallArriveAfterResume() {
    try (RedisConnection connection = RedisConnection.to(proxy.port())) {
      connection.call("SET", "n", "0");
      proxy.stall();

      CompletableFuture<String> answer = inBackground(connection, "INCR", "n");
      assertThat(withinMillis(300, answer)).isEqualTo("nothing yet");
      assertThat(redis.command("GET", "n")).isEqualTo("0");

      proxy.resume();
      assertThat(answer.join()).isEqualTo("1");
    }
  }

  @Test
  void aBlackHoleLosesBytesAndTheConnectionIsResetAfterResume() {
    try (RedisConnection connection = RedisConnection.to(proxy.port())) {
      connection.call("SET", "n", "0");
      proxy.blackhole();

      CompletableFuture<String> answer = inBackground(connection, "INCR", "n");
      assertThat(withinMillis(300, answer)).isEqualTo("nothing yet");

      proxy.resume();
      assertThatThrownBy(answer::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("Connection reset");
      assertThat(command("GET", "n")).isEqualTo("0");
    }
  }

  @Test
  void aCutResetsOpenAndNewConnectionsUntilResume() {
    try (RedisConnection connection = RedisConnection.to(proxy.port())) {
      connection.call("PING");

      proxy.cut();

      assertThatThrownBy(() -> connection.call("PING")).isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> command("PING")).isInstanceOf(UncheckedIOException.class);
    }
    proxy.resume();
    assertThat(command("PING")).isEqualTo("PONG");
  }

  @Test
  void silencingOneConnectionDoesNotAffectOthers() {
    try (RedisConnection first = RedisConnection.to(proxy.port())) {
      first.call("PING");
      proxy.silenceOne();

      CompletableFuture<String> answer = inBackground(first, "PING");

      assertThat(command("PING")).isEqualTo("PONG");
      assertThat(withinMillis(300, answer)).isEqualTo("nothing yet");
    }
  }

  @Test
  void openConnectionsContinueWhileNewOnesAreRefused() {
    try (RedisConnection first = RedisConnection.to(proxy.port())) {
      first.call("PING");
      proxy.refuseNew();

      assertThat(first.call("PING")).isEqualTo("PONG");
      assertThatThrownBy(() -> command("PING")).isInstanceOf(UncheckedIOException.class);
      proxy.cutOne();
      assertThatThrownBy(() -> first.call("PING")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void aReplyIsCutOnceAfterItsCommandWasExecuted() {
    redis.command("DEL", "n");
    proxy.cutReplyAfter(2);

    assertThatThrownBy(() -> command("INCRBY", "n", "1000"))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("Connection reset");

    assertThat(command("GET", "n")).isEqualTo("1000");
  }

  private String command(String... command) {
    try (RedisConnection connection = RedisConnection.to(proxy.port())) {
      return connection.call(command);
    }
  }

  private static CompletableFuture<String> inBackground(
      RedisConnection connection, String... command) {
    return CompletableFuture.supplyAsync(() -> connection.call(command));
  }

  private static String withinMillis(long millis, CompletableFuture<String> answer) {
    return answer.copy().completeOnTimeout("nothing yet", millis, TimeUnit.MILLISECONDS).join();
  }

  private static long millisSince(long beganNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
  }
}
