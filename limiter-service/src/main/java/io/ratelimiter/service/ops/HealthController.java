package io.ratelimiter.service.ops;

import io.ratelimiter.service.decisions.DecisionsStatus;
import io.ratelimiter.service.limiter.Eviction;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.resilience.BreakerStatus;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /health} and {@code /circuit-breaker-status}. */
@RestController
final class HealthController {

  private final String service;
  private final BreakerStatus breaker;
  private final EvictionStatus eviction;
  private final LiveRules rules;
  private final DecisionsStatus decisions;

  HealthController(
      String service,
      BreakerStatus breaker,
      EvictionStatus eviction,
      LiveRules rules,
      DecisionsStatus decisions) {
    this.service = service;
    this.breaker = breaker;
    this.eviction = eviction;
    this.rules = rules;
    this.decisions = decisions;
  }

  @GetMapping("/health")
  Map<String, Object> health() {
    RulesState state = rules.state();
    boolean redis = breaker.redisAvailable();
    Eviction evicting = eviction.eviction();
    DecisionsStatus.State stream = decisions.state();
    boolean healthy =
        redis
            && evicting.state() != Eviction.State.EVICTING
            && !state.degraded()
            && stream.kafkaAvailable()
            && stream.spool().usable();
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", healthy ? "healthy" : "degraded");
    health.put("service", service);
    health.put("redis_available", redis);
    health.put("kafka_available", stream.kafkaAvailable());
    health.put("postgres_available", state.databaseAvailable());
    health.put("redis", redis(evicting));
    health.put("rules", rules(state));
    health.put("spool", spool(stream));
    return health;
  }

  private static Map<String, Object> redis(Eviction eviction) {
    Map<String, Object> redis = new LinkedHashMap<>();
    redis.put("eviction", eviction.state().wireName());
    if (eviction.policy() != null) {
      redis.put("maxmemory_policy", eviction.policy());
      redis.put("evicted_keys", eviction.evictedKeys());
    }
    if (eviction.unknown() != null) {
      redis.put("unknown_because", eviction.unknown());
    }
    return redis;
  }

  private static Map<String, Object> rules(RulesState state) {
    Map<String, Object> rules = new LinkedHashMap<>();
    rules.put("revision", state.revision());
    rules.put("source", state.source().wireName());
    rules.put("count", state.ruleCount());
    rules.put("age_seconds", state.age().toSeconds());
    if (state.refused() != null) {
      rules.put("refused_revision", state.refused().revision());
      rules.put("refused_because", state.refused().why());
    }
    if (state.unavailable() != null) {
      rules.put("unavailable_because", state.unavailable());
    }
    return rules;
  }

  private static Map<String, Object> spool(DecisionsStatus.State stream) {
    Map<String, Object> spool = new LinkedHashMap<>();
    if (stream.kafkaFault() != null) {
      spool.put("kafka_fault", stream.kafkaFault());
    }
    spool.put("usable", stream.spool().usable());
    if (stream.spool().fault() != null) {
      spool.put("fault", stream.spool().fault());
    }
    if (!stream.earlierTopics().isEmpty()) {
      spool.put("earlier_topics", stream.earlierTopics());
    }
    spool.put("spooled", stream.spool().events());
    spool.put("bytes", stream.spool().bytes());
    spool.put("oldest_age_seconds", stream.spool().oldestAge().toSeconds());
    return spool;
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
