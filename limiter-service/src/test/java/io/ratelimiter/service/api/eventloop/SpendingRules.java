package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.api.contract.HeldBuckets;
import java.util.Map;

/** The environment of a service with the rules of {@code spending-rules.json}. */
final class SpendingRules {

  private SpendingRules() {}

  /** Variables of a service on this store, with both ports. */
  static Map<String, String> with(RedisServer redis) {
    return Map.of(
        "REDIS_PORT", Integer.toString(redis.port()), "CHECK_PORT", "any", "RULES_FILE", HeldBuckets.rulesFile());
  }
}
