package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.contract.ContractOfLimiters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The scripts fulfil the contract on the installed Redis 7. */
@LocalStack
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Redis7LimiterIT implements ContractOfLimiters {

  private final RedisUnderTest redis;

  Redis7LimiterIT(@RedisFrom(RedisBinary.INSTALLED) RedisServer server) {
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
