package io.ratelimiter.service.ops;

import io.ratelimiter.service.limiter.BreakerStatus;
import io.ratelimiter.service.rules.ActiveRules;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /health} and {@code /circuit-breaker-status}. */
@RestController
final class HealthController {

  private final String service;
  private final BreakerStatus breaker;
  private final ActiveRules rules;

  HealthController(String service, BreakerStatus breaker, ActiveRules rules) {
    this.service = service;
    this.breaker = breaker;
    this.rules = rules;
  }

  @GetMapping("/health")
  Map<String, Object> health() {
    var set = rules.current();
    boolean redis = breaker.redisAvailable();
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", redis && !set.rules().isEmpty() ? "healthy" : "degraded");
    health.put("service", service);
    health.put("redis_available", redis);
    health.put("rules", Map.of("revision", set.revision(), "count", set.rules().size()));
    return health;
  }

  @GetMapping("/circuit-breaker-status")
  Map<String, Object> breaker() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("state", breaker.state().wireName());
    status.put("failure_count", breaker.failureCount());
    status.put("time_until_retry_seconds", breaker.timeUntilRetrySeconds());
    return status;
  }
}
