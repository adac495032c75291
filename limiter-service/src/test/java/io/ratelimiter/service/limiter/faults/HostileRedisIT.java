package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.LimiterProcess;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.faults.HostileRedis.Reply;
import io.ratelimiter.service.limiter.resilience.BreakerStatus.State;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any reply of a broken or hostile Redis is a store failure with no other effect. */
class HostileRedisIT {

  private static final Check CHECK = new Check("default", "client", "global", 1);
  private static final Rule BUCKET = Rules.enforcing(1, Rules.bucket(100, 60, 100));
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String NOW = ":%d\r\n".formatted(System.currentTimeMillis() * 1_000);

  private final HostileRedis redis = new HostileRedis();

  @AfterEach
  void close() {
    redis.close();
  }

  private record Case(String kind, boolean closes, String reply) {}

  private static List<Case> replies() {
    return List.of(
        error("permission", "-NOPERM this user has no permissions to run the 'evalsha' command"),
        error("other", "-ERR Protocol error: something else"),
        error("other", "-EXECABORT Transaction discarded because of previous errors."),
        error("other", "-WHATEVER \u001b[31munknown code"),
        error("other", "-"),
        error("cluster", "-MOVED 3999 127.0.0.1:1"),
        error("cluster", "-ASK 3999 127.0.0.1:1"),
        error("cluster", "-CROSSSLOT Keys in request don't hash to the same slot"),
        new Case("other", false, "*2\r\n:1\r\n-ERR inside\r\n"),
        malformed("*100000000\r\n"),
        malformed("*-1\r\n"),
        malformed("$-1\r\n"),
        malformed("*0\r\n"),
        malformed("*1\r\n" + NOW),
        malformed("*2\r\n" + NOW + ":3\r\n"),
        malformed("*6\r\n" + NOW + ":3\r\n" + NOW + ":1000000\r\n:0\r\n:0\r\n"),
        malformed("*5\r\n*5\r\n" + (NOW + ":3\r\n" + NOW + ":1000000\r\n:0\r\n").repeat(2)),
        malformed(":3\r\n"),
        malformed("+OK\r\n"),
        malformed("$5\r\nhello\r\n"),
        malformed("*5\r\n+a\r\n+b\r\n+c\r\n+d\r\n+e\r\n"),
        malformed("*5\r\n:abc\r\n:3\r\n:1\r\n:0\r\n:0\r\n"),
        // Flags out of range, a negative time, a time long past, a debt above the burst.
        malformed("*5\r\n" + NOW + ":16\r\n" + NOW + ":1000000\r\n:0\r\n"),
        malformed("*5\r\n:-1\r\n:3\r\n:-1\r\n:1000000\r\n:0\r\n"),
        malformed("*5\r\n" + NOW + ":3\r\n:1\r\n:1000000\r\n:0\r\n"),
        malformed("*5\r\n" + NOW + ":3\r\n:9223372036854775807\r\n:1000000\r\n:0\r\n"),
        malformed("*5\r\n" + NOW + ":3\r\n" + NOW + ":1000000000000\r\n:0\r\n"),
        malformed("*5\r\n" + NOW + ":3\r\n" + NOW + ":-5\r\n:0\r\n"),
        // Blocked with units left; charged though blocked; allowed, not charged, nothing left.
        malformed("*5\r\n" + NOW + ":0\r\n" + NOW + ":0\r\n:0\r\n"),
        malformed("*5\r\n" + NOW + ":2\r\n" + NOW + ":100000000\r\n:0\r\n"),
        malformed("*5\r\n" + NOW + ":1\r\n" + NOW + ":100000000\r\n:0\r\n"),
        malformed("HTTP/1.1 400 Bad Request\r\n\r\n"),
        malformed("$1000000000\r\n"));
  }

  private static Case error(String kind, String line) {
    return new Case(kind, false, line + "\r\n");
  }

  private static Case malformed(String reply) {
    return new Case("malformed", true, reply);
  }

  private static Match failing(FailMode mode) {
    return new Match(
        List.of(RuleBuilder.rule(1, "*", "*").policy(BUCKET.policy()).failMode(mode).limit()), 1);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void everyReplyThatIsNotAReplyToTheCheckIsAStoreFailure(Case sent) {
    try (StoreUnderFault limiter =
        new StoreUnderFault(redis.port(), FailMode.OPEN, Duration.ofSeconds(5))) {
      assertThat(limiter.check(CHECK, failing(FailMode.OPEN)).source()).isEqualTo(Source.REDIS);
      redis.answer("EVALSHA", Reply.of(sent.reply()));
      redis.answer("EVAL", Reply.of(sent.reply()));

      assertThat(limiter.batch(3, CHECK, failing(FailMode.OPEN))).allMatch(Decision::degraded);
      assertThat(limiter.errors("check", sent.kind())).isPositive();
      assertThat(limiter.breaker().failureCount()).isEqualTo(1);
      // While the connection is being reopened, the check fails too.
      assertThat(limiter.check(CHECK, failing(FailMode.OPEN)).source()).isEqualTo(Source.NONE);
      assertThat(limiter.check(CHECK, failing(FailMode.CLOSED)))
          .isInstanceOf(Decision.FailedClosed.class);
      assertThat(limiter.check(CHECK, failing(FailMode.LOCAL)).source()).isEqualTo(Source.LOCAL);
      assertThat(limiter.breaker().failureCount()).isEqualTo(4);
      limiter.check(CHECK, failing(FailMode.OPEN));
      assertThat(limiter.breaker().state()).isEqualTo(State.OPEN);
      if (sent.closes()) {
        Awaitility.await().atMost(LIMIT).until(() -> redis.closedByPeer() > 0);
      } else {
        assertThat(redis.closedByPeer()).isZero();
      }
    }
  }

  @Test
  void anExtraReplyClosesTheConnectionInsteadOfAnsweringTheNextCommand() {
    String verdict = HostileRedis.verdict(false);
    try (StoreUnderFault limiter =
        new StoreUnderFault(redis.port(), FailMode.OPEN, Duration.ofSeconds(5))) {
      redis.answer("EVALSHA", Reply.of(verdict + verdict));
      assertThat(limiter.check(CHECK, failing(FailMode.OPEN)).source()).isEqualTo(Source.REDIS);
      Awaitility.await().atMost(LIMIT).until(() -> redis.closedByPeer() > 0);
      redis.restoreDefaults();
      limiter.awaitClosed(LIMIT, CHECK, failing(FailMode.OPEN));
    }
  }

  @Test
  void checksAreAnsweredByTheirFailModeAndAdminEndpointsWith503() {
    try (ServiceUnderTest service =
        new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())))) {
      HttpCaller http = new HttpCaller(service.url());
      String bearer = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;
      for (String reply :
          List.of("-ERR no\r\n", "-NOPERM no\r\n", "*0\r\n", "*2\r\n:1\r\n:5\r\n")) {
        redis.answer("EVALSHA", Reply.of(reply));
        assertThat(
                http.post("/v1/admin/refunds", "{\"client_id\":\"c\"}", "Authorization", bearer)
                    .status())
            .isEqualTo(503);
        assertThat(
                http.send("DELETE", "/v1/admin/usage?client_id=c", "Authorization", bearer)
                    .status())
            .isEqualTo(503);
      }
      redis.answer("EVALSHA", Reply.of("-NOPERM no permission\r\n"));
      // The last reply has closed the connection.
      Awaitility.await()
          .atMost(LIMIT)
          .until(() -> http.get("/health").json().get("redis_available").asBoolean());
      assertThat(http.check("{\"client_id\":\"strict\"}").status()).isEqualTo(503);
      assertThat(http.check("{\"client_id\":\"c\"}").json().get("degraded").asBoolean()).isTrue();
      assertThat(
              http.post(
                      "/v1/check/batch",
                      "{\"checks\":[{\"client_id\":\"c\"},{\"client_id\":\"d\"}]}")
                  .json()
                  .get("results")
                  .get(1)
                  .get("degraded")
                  .asBoolean())
          .isTrue();
      assertThat(http.get("/v1/usage?client_id=c").status()).isEqualTo(200);
      assertThat(http.get("/v1/authz", "X-Client-ID", "c").status()).isEqualTo(200);
      assertThat(http.get("/health").json().get("redis_available").asBoolean()).isFalse();
      String metrics = http.get("/metrics").text();
      assertThat(metrics).contains("ratelimiter_circuit_breaker_state 2.0");
      for (String operation : List.of("check", "refund", "reset")) {
        assertThat(metrics)
            .containsPattern(
                "ratelimiter_redis_errors_total\\{kind=\"permission\",operation=\"%s\"\\} [1-9]"
                    .formatted(operation));
      }
    }
  }

  /** With the image's heap and, like the image, an exit at the first OutOfMemoryError. */
  @Test
  void noReplyOfAnySizeExhaustsTheHeap(@TempDir Path folder) {
    String y = "y".repeat(10_000);
    Map<String, String> environment =
        Map.of("REDIS_PORT", Integer.toString(redis.port()), "REDIS_TIMEOUT_MS", "500");
    try (LimiterProcess limiter =
        new LimiterProcess(folder, environment, "-Xmx230m", "-XX:+ExitOnOutOfMemoryError")
            .awaitReady()) {
      HttpCaller http = new HttpCaller(limiter.url());
      for (Reply reply :
          List.of(
              Reply.of("*100000000\r\n"),
              new Reply("*100000000\r\n", ":1\r\n".repeat(1_000)),
              new Reply("", "*16000\r\n".repeat(100)),
              new Reply("$1000000000\r\n", y),
              new Reply(":", y),
              new Reply("-", y),
              new Reply("", HostileRedis.verdict(false).repeat(100)),
              new Reply("%100000000\r\n", "+a\r\n".repeat(1_000)),
              new Reply(">3\r\n+message\r\n+a\r\n", "+b\r\n".repeat(1_000)))) {
        for (String command : List.of("EVALSHA", "SCRIPT", "INFO", "HELLO", "PING")) {
          redis.answer(command, reply);
        }
        int closed = redis.closedByPeer();
        Awaitility.await(reply.beginning())
            .atMost(LIMIT)
            .until(() -> {
              assertThat(http.check("{\"client_id\":\"c\"}").status()).isEqualTo(200);
              return redis.closedByPeer() >= closed + 3;
            });
      }
      redis.restoreDefaults();
      Awaitility.await()
          .atMost(LIMIT)
          .until(() ->
              http.check("{\"client_id\":\"c\"}")
                  .json()
                  .path("source")
                  .asString("")
                  .equals("redis"));
      assertThat(limiter.output()).doesNotContain("OutOfMemory");
    }
  }
}
