package io.ratelimiter.service.api.servlet;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.CheckContract;
import io.ratelimiter.service.api.contract.Edge;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The contract of checks, on the servlet edge. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckContractIT implements CheckContract {

  private final Edge edge;

  CheckContractIT(RedisServer redis) {
    redis.command("flushall");
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
