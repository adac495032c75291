package io.ratelimiter.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.localstack.process.ServerNotStarted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@LocalStack
class RedisServerIT {

  @Test
  void theBundledRedisIs62(@RedisFrom(RedisBinary.BUNDLED) RedisServer redis) {
    assertThat(redis.command("INFO", "server")).contains("redis_version:6.2.");
  }

  @Test
  @Tag("full")
  void theInstalledRedisIsAtLeast7(@RedisFrom(RedisBinary.INSTALLED) RedisServer redis) {
    assertThat(redis.command("INFO", "server")).containsPattern("redis_version:([7-9]|\\d\\d)");
  }

  @Test
  void nothingIsEvicted(RedisServer redis) {
    assertThat(redis.command("CONFIG", "GET", "maxmemory-policy"))
        .isEqualTo("maxmemory-policy\nnoeviction");
  }

  @Test
  void aKilledServerRestartsOnItsPortWithoutData(PrivateServers servers) {
    RedisServer redis = servers.redis();
    int port = redis.port();
    redis.command("SET", "a", "1");

    redis.kill();
    assertThat(redis.isRunning()).isFalse();
    redis.start();

    assertThat(redis.port()).isEqualTo(port);
    assertThat(redis.command("GET", "a")).isEqualTo("(nil)");
  }

  @Test
  void anAppendOnlyServerKeepsItsDataUntilRestartEmpty(PrivateServers servers) {
    RedisServer redis = servers.redis(new RedisServer.Options(RedisBinary.ANY, true, List.of()));
    redis.command("SET", "a", "1");

    redis.restart();
    assertThat(redis.command("GET", "a")).isEqualTo("1");

    redis.restartEmpty();
    assertThat(redis.command("GET", "a")).isEqualTo("(nil)");
  }

  @Test
  void aPausedServerAnswersAfterResume(PrivateServers servers) {
    RedisServer redis = servers.redis();

    redis.pause();
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> redis.command("PING"));
    assertThat(answer.completeOnTimeout("nothing yet", 300, TimeUnit.MILLISECONDS).join())
        .isEqualTo("nothing yet");

    redis.resume();
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(redis.command("PING")).isEqualTo("PONG"));
  }

  @Test
  void furtherArgumentsOverrideTheDefaults(PrivateServers servers) {
    RedisServer redis = servers.redis(RedisServer.Options.DEFAULT.with("--maxmemory", "2mb"));

    assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n2097152");
  }

  @Test
  void aServerThatCannotStartReportsTheCause(PrivateServers servers) {
    assertThatThrownBy(() -> servers.redis(RedisServer.Options.DEFAULT.with("--no-such-option")))
        .isInstanceOf(ServerNotStarted.class)
        .hasMessageContaining("Redis ended with exit code 1")
        .hasMessageContaining("Bad directive");
  }
}
