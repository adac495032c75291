package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.RedisFrom;
import org.junit.jupiter.api.Tag;

@Tag("full")
class Redis7ForeignValuesIT extends ForeignValuesContract {

  Redis7ForeignValuesIT(@RedisFrom(RedisBinary.INSTALLED) RedisServer server) {
    super(server);
  }
}
