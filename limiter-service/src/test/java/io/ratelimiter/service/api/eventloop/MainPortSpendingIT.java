package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.AuthzSpendingContract;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.SettleContract;
import io.ratelimiter.service.api.contract.SpendingContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** Priorities, waits and settlements on the port of all endpoints. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainPortSpendingIT implements SpendingContract, SettleContract, AuthzSpendingContract {

  private final Edge edge;

  MainPortSpendingIT(RedisServer redis) {
    redis.command("flushall");
    edge = new Edge(ServiceUnderTest::url, SpendingRules.with(redis));
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
