package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.StopContract;
import java.util.HashMap;
import java.util.Map;

/** An orderly stop under load. */
@LocalStack
class FrontDoorStopIT implements StopContract {

  private final RedisServer redis;

  FrontDoorStopIT(RedisServer redis) {
    this.redis = redis;
  }

  @Override
  public Edge start(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("REDIS_PORT", Integer.toString(redis.port()));
    return new Edge(ServiceUnderTest::url, all);
  }
}
