package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.RedisFrom;

class Redis62StateIT extends StoreStateContract {

  Redis62StateIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    super(server);
  }
}
