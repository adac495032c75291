package io.ratelimiter.service.api.servlet;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.OverloadContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** More callers than anybody would want, on the servlet edge. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadIT implements OverloadContract {

  private final Edge edge;

  OverloadIT(RedisServer redis) {
    edge = new Edge(ServiceUnderTest::url, Map.of("REDIS_PORT", Integer.toString(redis.port())));
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
