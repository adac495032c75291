package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.contract.ContractOfLimiters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The scripts fulfil the contract on the oldest supported Redis. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Redis62LimiterIT implements ContractOfLimiters {

  private final RedisUnderTest redis;

  Redis62LimiterIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    redis = new RedisUnderTest(server);
  }

  @AfterAll
  void close() {
    redis.close();
  }

  @Override
  public TimedLimiter limiter() {
    return redis;
  }
}
