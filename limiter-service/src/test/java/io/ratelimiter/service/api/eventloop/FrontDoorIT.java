package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.AttributesContract;
import io.ratelimiter.service.api.contract.AuthzContract;
import io.ratelimiter.service.api.contract.BatchContract;
import io.ratelimiter.service.api.contract.CheckContract;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.HostileInputContract;
import io.ratelimiter.service.api.contract.OverloadContract;
import io.ratelimiter.service.api.contract.RawCaller;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract of the check path, hostile callers and many callers. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontDoorIT
    implements CheckContract,
        BatchContract,
        AuthzContract,
        AttributesContract,
        HostileInputContract,
        OverloadContract {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final RedisServer redis;
  private final Edge edge;
  private final LeakWatch watch;

  FrontDoorIT(RedisServer redis) {
    this.redis = redis;
    redis.command("flushall");
    edge =
        new Edge(
            ServiceUnderTest::url,
            Map.of(
                "REDIS_PORT",
                Integer.toString(redis.port()),
                "CHECK_PORT",
                "any",
                "front-door.body-timeout",
                "3s"));
    // Only now, because Spring Boot resets the logging at its start.
    watch = new LeakWatch();
  }

  @AfterAll
  void noBufferHasLeaked() {
    try (watch) {
      edge.close();
      assertThat(watch.leaks()).isEmpty();
    }
  }

  @Override
  public Edge edge() {
    return edge;
  }

  @Override
  public RedisServer redis() {
    return redis;
  }

  @Test
  void requestsInOnePieceAreAnsweredInTheirOrder() throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      requests
          .append("GET /v1/authz HTTP/1.1\r\nHost: a\r\nX-Client-ID: piped\r\nX-Correlation-ID: n")
          .append(i)
          .append(i == 299 ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
    }
    try (RawCaller raw = new RawCaller(edge.url())) {
      String answers = raw.send(requests.toString()).readToEnd(LIMIT);
      assertThat(answers.lines().filter(line -> line.startsWith("X-Correlation-ID: ")))
          .hasSize(300)
          .isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
    }
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring("X-Correlation-ID: n".length()).strip());
  }

  @Test
  void anExpectationToContinueIsAnswered() throws IOException {
    String body = "{\"client_id\":\"patient\"}";
    String head =
        "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nExpect: 100-continue\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    try (RawCaller raw = new RawCaller(edge.url())) {
      assertThat(raw.send(head.formatted("application/json")).readUntil("\r\n\r\n", LIMIT))
          .startsWith("HTTP/1.1 100 ");
      assertThat(raw.send(body).readUntil("limits", LIMIT)).contains("HTTP/1.1 200 ");
    }
    try (RawCaller raw = new RawCaller(edge.url())) {
      assertThat(raw.send(head.formatted("text/plain")).readToEnd(LIMIT))
          .startsWith("HTTP/1.1 415 ");
    }
  }
}
