package io.ratelimiter.service.api.servlet;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.HostileInputContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** Hostile input, on the servlet edge. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputIT implements HostileInputContract {

  private final Edge edge;

  HostileInputIT(RedisServer redis) {
    redis.command("flushall");
    edge =
        new Edge(
            ServiceUnderTest::url,
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "api.exchange-timeout", "3s"));
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  @Override
  public Edge edge() {
    return edge;
  }
}
