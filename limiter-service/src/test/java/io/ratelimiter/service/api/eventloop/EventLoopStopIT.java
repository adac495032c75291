package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.StopContract;
import java.util.HashMap;
import java.util.Map;

/** An orderly stop under load, on the event-loop edge. */
@LocalStack
class EventLoopStopIT implements StopContract {

  private final RedisServer redis;

  EventLoopStopIT(RedisServer redis) {
    this.redis = redis;
  }

  @Override
  public Edge start(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("REDIS_PORT", Integer.toString(redis.port()));
    all.put("CHECK_PORT", "any");
    return new Edge(ServiceUnderTest::checkUrl, all);
  }
}
